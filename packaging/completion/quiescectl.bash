# SPDX-License-Identifier: Apache-2.0
# bash completion for quiescectl

_quiescectl() {
    local current=${COMP_WORDS[COMP_CWORD]} previous=${COMP_WORDS[COMP_CWORD - 1]} verb= word
    local machines='nvme-24 sas-60 cloud-2 nvme-150' common='--help --full --no-pager'
    local -A options=(
        [status]='--json --runtime-directory'
        [plan]='--all --json --config --kernel-walk --machine --runtime-directory --verb'
        [monitor]='--simulate --json --runtime-directory'
        [reload]='--runtime-directory'
        [run]='--dry-run --now --json --config --verb'
        [simulate]='--json --config --kernel-walk --machine --speed --verb'
        [capture]='--ask-drives --serials --json --sys'
        [verify]='--json --root'
        [time]='--json --config --kernel-walk --machine --shutdown --verb'
        [blame]='--json --config --kernel-walk --machine --shutdown --verb'
        [critical-chain]='--json --config --kernel-walk --machine --shutdown --verb'
        [history]='--json'
        [report]='--trace --json --config --kernel-walk --machine --shutdown --verb'
        [diff]='--json'
        [plot]='--html --config --kernel-walk --machine --shutdown --verb'
        [dot]='--all --config --kernel-walk --machine --runtime-directory --shutdown --verb'
        [tree]='--all --config --json --kernel-walk --machine --runtime-directory --shutdown --verb'
        [explain]='--config --json --kernel-walk --machine --runtime-directory --shutdown --verb'
        [cat-config]='--config --json --machine --tldr'
        [doctor]='--config --json --kernel-walk --machine --runtime-directory --verb'
        [health]='--json'
    )
    # bash splits "--verb=x" into three words.
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
        COMPREPLY=($(compgen -W "${!options[*]} $common --version" -- "$current"))
    elif [[ $current == -* ]]; then
        COMPREPLY=($(compgen -W "${options[$verb]} $common" -- "$current"))
    else
        case $verb in
            plan | simulate | time | blame | plot | dot | tree | cat-config | doctor)
                COMPREPLY=($(compgen -W "$machines" -- "$current") $(compgen -f -- "$current")) ;;
            capture | verify | diff) COMPREPLY=($(compgen -f -- "$current")) ;;
        esac
    fi
}
complete -F _quiescectl quiescectl
