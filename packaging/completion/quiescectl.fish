# SPDX-License-Identifier: Apache-2.0
# fish completion for quiescectl

set -l verbs status plan monitor reload run simulate capture verify health
complete -c quiescectl -f
complete -c quiescectl -n "not __fish_seen_subcommand_from $verbs" -l version -d 'Show the version'
complete -c quiescectl -s h -l help -d 'Show help'
complete -c quiescectl -n "not __fish_seen_subcommand_from $verbs" -a status -d 'Show how the daemon is'
complete -c quiescectl -n "not __fish_seen_subcommand_from $verbs" -a plan -d 'Show what will become of each device'
complete -c quiescectl -n "not __fish_seen_subcommand_from $verbs" -a monitor -d 'Show the events of the next shutdown'
complete -c quiescectl -n "not __fish_seen_subcommand_from $verbs" -a reload -d 'Make the daemon read its configuration again'
complete -c quiescectl -n "not __fish_seen_subcommand_from $verbs" -a run -d 'Shut free drives down'
complete -c quiescectl -n "not __fish_seen_subcommand_from $verbs" -a simulate -d 'Shut down a machine made of data'
complete -c quiescectl -n "not __fish_seen_subcommand_from $verbs" -a capture -d 'Write this machine as JSON'
complete -c quiescectl -n "not __fish_seen_subcommand_from $verbs" -a verify -d 'Check configuration files'
complete -c quiescectl -n "not __fish_seen_subcommand_from $verbs" -a health -d 'Show whether drives were shut down cleanly'
complete -c quiescectl -n "__fish_seen_subcommand_from status plan monitor run simulate capture verify health" -l json -a 'pretty short off' -d 'Write JSON'
complete -c quiescectl -n "__fish_seen_subcommand_from status plan monitor reload" -l runtime-directory -xa '(__fish_complete_directories)' -d 'Where the daemon is'
complete -c quiescectl -n "__fish_seen_subcommand_from plan run simulate" -l config -rF -d 'Use this file alone'
complete -c quiescectl -n "__fish_seen_subcommand_from plan run simulate" -l verb -xa 'poweroff reboot halt kexec' -d 'What the machine is about to do'
complete -c quiescectl -n "__fish_seen_subcommand_from plan" -l all -d 'Show all devices'
complete -c quiescectl -n "__fish_seen_subcommand_from plan health" -l no-pager -d 'Do not page'
complete -c quiescectl -n "__fish_seen_subcommand_from plan simulate" -l kernel-walk -xa 'serial asynchronous' -d 'How its kernel walks'
complete -c quiescectl -n "__fish_seen_subcommand_from plan simulate" -Fa 'nvme-24 sas-60 cloud-2 nvme-150'
complete -c quiescectl -n "__fish_seen_subcommand_from monitor" -l simulate -d 'Simulate one now'
complete -c quiescectl -n "__fish_seen_subcommand_from run" -l dry-run -d 'Only say it'
complete -c quiescectl -n "__fish_seen_subcommand_from run" -l now -d 'Do it'
complete -c quiescectl -n "__fish_seen_subcommand_from simulate" -l speed -x -d 'How fast virtual time passes'
complete -c quiescectl -n "__fish_seen_subcommand_from capture" -l ask-drives -d 'Ask NVMe drives that will be free'
complete -c quiescectl -n "__fish_seen_subcommand_from capture" -l serials -d 'Do not mask'
complete -c quiescectl -n "__fish_seen_subcommand_from capture" -l sys -xa '(__fish_complete_directories)' -d 'Another sysfs'
complete -c quiescectl -n "__fish_seen_subcommand_from capture verify" -F
complete -c quiescectl -n "__fish_seen_subcommand_from verify" -l root -xa '(__fish_complete_directories)' -d 'Check the system below this directory'
