# SPDX-License-Identifier: Apache-2.0
# bash completion for quiescectl

_quiescectl() {
    local current=${COMP_WORDS[COMP_CWORD]} previous=${COMP_WORDS[COMP_CWORD - 1]} verb= word
    local machines='nvme-24 sas-60 cloud-2 nvme-150' common='--help'
    local -A options=(
        [status]='--json --runtime-directory --no-pager'
        [plan]='--all --no-pager --json --config --kernel-walk --runtime-directory --verb'
        [monitor]='--simulate --json --runtime-directory --no-pager'
        [reload]='--runtime-directory --no-pager'
        [run]='--dry-run --now --json --config --verb --no-pager'
        [simulate]='--json --config --kernel-walk --speed --verb --no-pager'
        [capture]='--ask-drives --serials --json --sys --no-pager'
        [verify]='--json --root --no-pager'
        [time]='--json --no-pager --config --kernel-walk --machine --shutdown --verb'
        [blame]='--json --no-pager --config --kernel-walk --machine --shutdown --verb'
        [critical-chain]='--json --no-pager --config --kernel-walk --machine --shutdown --verb'
        [history]='--json --no-pager'
        [report]='--trace --json --no-pager --config --kernel-walk --machine --shutdown --verb'
        [diff]='--json --no-pager'
        [plot]='--html --config --kernel-walk --machine --shutdown --verb --no-pager'
        [dot]='--all --config --kernel-walk --machine --runtime-directory --verb --no-pager'
        [tree]='--all --config --json --kernel-walk --machine --no-pager --runtime-directory --verb'
        [explain]='--config --json --kernel-walk --machine --no-pager --runtime-directory --verb'
        [cat-config]='--config --json --machine --no-pager --tldr'
        [doctor]='--config --json --kernel-walk --machine --no-pager --runtime-directory --verb'
        [health]='--json --no-pager'
    )
    # "--verb=x" comes as three words.
    [[ $current == = ]] && current=
    [[ $previous == = ]] && previous=${COMP_WORDS[COMP_CWORD - 2]}
    case $previous in
        --verb) COMPREPLY=($(compgen -W 'poweroff reboot halt kexec' -- "$current")); return ;;
        --kernel-walk) COMPREPLY=($(compgen -W 'serial asynchronous' -- "$current")); return ;;
        --json) COMPREPLY=($(compgen -W 'pretty short off' -- "$current")); return ;;
        --config) COMPREPLY=($(compgen -f -- "$current")); return ;;
        --machine) COMPREPLY=($(compgen -W "$machines" -- "$current") $(compgen -f -- "$current")); return ;;
        --shutdown) COMPREPLY=($(compgen -f -- "$current")); return ;;
        --runtime-directory | --sys | --root) COMPREPLY=($(compgen -d -- "$current")); return ;;
    esac
    for word in "${COMP_WORDS[@]:1:COMP_CWORD-1}"; do
        if [[ -n ${options[$word]-} ]]; then
            verb=$word
            break
        fi
    done
    if [[ -z $verb ]]; then
        COMPREPLY=($(compgen -W "${!options[*]} $common --no-pager --version" -- "$current"))
    elif [[ $current == -* ]]; then
        COMPREPLY=($(compgen -W "${options[$verb]} $common" -- "$current"))
    else
        case $verb in
            plan | simulate) COMPREPLY=($(compgen -W "$machines" -- "$current") $(compgen -f -- "$current")) ;;
            capture | verify | diff) COMPREPLY=($(compgen -f -- "$current")) ;;
        esac
    fi
}
complete -F _quiescectl quiescectl
