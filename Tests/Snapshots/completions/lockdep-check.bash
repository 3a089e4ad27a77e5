#!/bin/bash

__lockdep-check_cursor_index_in_current_word() {
    local remaining="${COMP_LINE}"

    local word
    for word in "${COMP_WORDS[@]::COMP_CWORD}"; do
        remaining="${remaining##*([[:space:]])"${word}"*([[:space:]])}"
    done

    local -ir index="$((COMP_POINT - ${#COMP_LINE} + ${#remaining}))"
    if [[ "${index}" -le 0 ]]; then
        printf 0
    else
        printf %s "${index}"
    fi
}

# positional arguments:
#
# - 1: the current (sub)command's count of positional arguments
#
# required variables:
#
# - repeating_flags: the repeating flags that the current (sub)command can accept
# - non_repeating_flags: the non-repeating flags that the current (sub)command can accept
# - repeating_options: the repeating options that the current (sub)command can accept
# - non_repeating_options: the non-repeating options that the current (sub)command can accept
# - positional_number: value ignored
# - unparsed_words: unparsed words from the current command line
#
# modified variables:
#
# - non_repeating_flags: remove flags for this (sub)command that are already on the command line
# - non_repeating_options: remove options for this (sub)command that are already on the command line
# - positional_number: set to the current positional number
# - unparsed_words: remove all flags, options, and option values for this (sub)command
__lockdep-check_offer_flags_options() {
    local -ir positional_count="${1}"
    positional_number=0

    local was_flag_option_terminator_seen=false
    local is_parsing_option_value=false

    local -ar unparsed_word_indices=("${!unparsed_words[@]}")
    local -i word_index
    for word_index in "${unparsed_word_indices[@]}"; do
        if "${is_parsing_option_value}"; then
            # This word is an option value:
            # Reset marker for next word iff not currently the last word
            [[ "${word_index}" -ne "${unparsed_word_indices[${#unparsed_word_indices[@]} - 1]}" ]] && is_parsing_option_value=false
            unset "unparsed_words[${word_index}]"
            # Do not process this word as a flag or an option
            continue
        fi

        local word="${unparsed_words["${word_index}"]}"
        if ! "${was_flag_option_terminator_seen}"; then
            case "${word}" in
            --)
                unset "unparsed_words[${word_index}]"
                # by itself -- is a flag/option terminator, but if it is the last word, it is the start of a completion
                if [[ "${word_index}" -ne "${unparsed_word_indices[${#unparsed_word_indices[@]} - 1]}" ]]; then
                    was_flag_option_terminator_seen=true
                fi
                continue
                ;;
            -*)
                # ${word} is a flag or an option
                # If ${word} is an option, mark that the next word to be parsed is an option value
                local option
                for option in "${repeating_options[@]}" "${non_repeating_options[@]}"; do
                    [[ "${word}" = "${option}" ]] && is_parsing_option_value=true && break
                done

                # Remove ${word} from ${non_repeating_flags} or ${non_repeating_options} so it isn't offered again
                local not_found=true
                local -i index
                for index in "${!non_repeating_flags[@]}"; do
                    if [[ "${non_repeating_flags[${index}]}" = "${word}" ]]; then
                        unset "non_repeating_flags[${index}]"
                        non_repeating_flags=("${non_repeating_flags[@]}")
                        not_found=false
                        break
                    fi
                done
                if "${not_found}"; then
                    for index in "${!non_repeating_flags[@]}"; do
                        if [[ "${non_repeating_flags[${index}]}" = "${word}" ]]; then
                            unset "non_repeating_flags[${index}]"
                            non_repeating_flags=("${non_repeating_flags[@]}")
                            break
                        fi
                    done
                fi
                unset "unparsed_words[${word_index}]"
                continue
                ;;
            esac
        fi

        # ${word} is neither a flag, nor an option, nor an option value
        if [[ "${positional_number}" -lt "${positional_count}" || "${positional_count}" -lt 0 ]]; then
            # ${word} is a positional
            ((positional_number++))
            unset "unparsed_words[${word_index}]"
        else
            if [[ -z "${word}" ]]; then
                # Could be completing a flag, option, or subcommand
                positional_number=-1
            else
                # ${word} is a subcommand or invalid, so stop processing this (sub)command
                positional_number=-2
            fi
            break
        fi
    done

    unparsed_words=("${unparsed_words[@]}")

    if\
        ! "${was_flag_option_terminator_seen}"\
        && ! "${is_parsing_option_value}"\
        && [[ ("${cur}" = -* && "${positional_number}" -ge 0) || "${positional_number}" -eq -1 ]]
    then
        COMPREPLY+=($(compgen -W "${repeating_flags[*]} ${non_repeating_flags[*]} ${repeating_options[*]} ${non_repeating_options[*]}" -- "${cur}"))
    fi
}

__lockdep-check_add_completions() {
    local completion
    while IFS='' read -r completion; do
        COMPREPLY+=("${completion}")
    done < <(IFS=$'\n' compgen "${@}" -- "${cur}")
}

__lockdep-check_custom_complete() {
    if [[ -n "${cur}" || -z ${COMP_WORDS[${COMP_CWORD}]} || "${COMP_LINE:${COMP_POINT}:1}" != ' ' ]]; then
        local -ar words=("${COMP_WORDS[@]}")
    else
        local -ar words=("${COMP_WORDS[@]::${COMP_CWORD}}" '' "${COMP_WORDS[@]:${COMP_CWORD}}")
    fi

    "${COMP_WORDS[0]}" "${@}" "${words[@]}"
}

_lockdep-check() {
    local state
    state="$(shopt -p;shopt -po)"
    trap "${state//$'\n'/;}" RETURN
    shopt -s extglob
    set +o history +o posix

    local -xr SAP_SHELL=bash
    local -x SAP_SHELL_VERSION
    SAP_SHELL_VERSION="$(IFS='.';printf %s "${BASH_VERSINFO[*]}")"
    local -r SAP_SHELL_VERSION

    local -r cur="${2}"
    local -r prev="${3}"

    local -i positional_number
    local -a unparsed_words=("${COMP_WORDS[@]:1:${COMP_CWORD}}")

    local -a repeating_flags=()
    local -a non_repeating_flags=(--version -h --help)
    local -a repeating_options=()
    local -a non_repeating_options=()
    __lockdep-check_offer_flags_options 0

    # Offer subcommand / subcommand argument completions
    local -r subcommand="${unparsed_words[0]}"
    unset 'unparsed_words[0]'
    unparsed_words=("${unparsed_words[@]}")
    case "${subcommand}" in
    run|record|confirm|hang|analyze|gate|render|stats|convert|seal|merge|diff|what-if|policy|explain|help)
        # Offer subcommand argument completions
        "_lockdep-check_${subcommand}"
        ;;
    *)
        # Offer subcommand completions
        COMPREPLY+=($(compgen -W 'run record confirm hang analyze gate render stats convert seal merge diff what-if policy explain help' -- "${cur}"))
        ;;
    esac
}

_lockdep-check_run() {
    repeating_flags=()
    non_repeating_flags=(--times --audit --no-names --no-children --show-system-locks --fail-on-waits --strict-policy --prune --accept-renames --allow-empty --quiet -q --verbose -v --version -h --help)
    repeating_options=(--report)
    non_repeating_options=(--trace --level --max-size --hang-after --timeout --class-by --max-findings --predict --predict-memory --fail-on --rules --policy --baseline --write-baseline --today --min-events --format --output -o --html --source-root --svg --dot --color --schedule --finding --error-exitcode)
    __lockdep-check_offer_flags_options -1

    # Offer option value completions
    case "${prev}" in
    '--trace')
        __lockdep-check_add_completions -o plusdirs -fX '!*.@(lgt)'
        return
        ;;
    '--level')
        __lockdep-check_add_completions -W 'orders'$'\n''shapes'$'\n''all'
        return
        ;;
    '--max-size')
        return
        ;;
    '--hang-after')
        return
        ;;
    '--timeout')
        return
        ;;
    '--class-by')
        __lockdep-check_add_completions -W 'init'$'\n''first-use'$'\n''lock'
        return
        ;;
    '--max-findings')
        return
        ;;
    '--predict')
        __lockdep-check_add_completions -W 'auto'$'\n''always'$'\n''never'
        return
        ;;
    '--predict-memory')
        return
        ;;
    '--fail-on')
        __lockdep-check_add_completions -W 'observed'$'\n''predicted'$'\n''feasible'$'\n''ordering'$'\n''excluded'
        return
        ;;
    '--rules')
        return
        ;;
    '--policy')
        __lockdep-check_add_completions -o plusdirs -fX '!*.@(yml|yaml)'
        return
        ;;
    '--baseline')
        __lockdep-check_add_completions -o plusdirs -fX '!*.@(json)'
        return
        ;;
    '--write-baseline')
        __lockdep-check_add_completions -o plusdirs -fX '!*.@(json)'
        return
        ;;
    '--today')
        return
        ;;
    '--min-events')
        return
        ;;
    '--format')
        __lockdep-check_add_completions -W 'text'$'\n''compact'$'\n''json'$'\n''sarif'$'\n''junit'$'\n''checkstyle'$'\n''github'$'\n''gitlab'$'\n''xcode'$'\n''markdown'$'\n''html'
        return
        ;;
    '--output'|'-o')
        __lockdep-check_add_completions -f
        return
        ;;
    '--report')
        __lockdep-check_add_completions -f
        return
        ;;
    '--html')
        __lockdep-check_add_completions -o plusdirs -fX '!*.@(html)'
        return
        ;;
    '--source-root')
        __lockdep-check_add_completions -d
        return
        ;;
    '--svg')
        __lockdep-check_add_completions -o plusdirs -fX '!*.@(svg)'
        return
        ;;
    '--dot')
        __lockdep-check_add_completions -o plusdirs -fX '!*.@(dot)'
        return
        ;;
    '--color')
        return
        ;;
    '--schedule')
        __lockdep-check_add_completions -f
        return
        ;;
    '--finding')
        return
        ;;
    '--error-exitcode')
        return
        ;;
    esac
}

_lockdep-check_record() {
    repeating_flags=()
    non_repeating_flags=(--times --audit --no-names --no-children --quiet -q --verbose -v --version -h --help)
    repeating_options=()
    non_repeating_options=(--output -o --level --max-size)
    __lockdep-check_offer_flags_options -1

    # Offer option value completions
    case "${prev}" in
    '--output'|'-o')
        __lockdep-check_add_completions -o plusdirs -fX '!*.@(lgt)'
        return
        ;;
    '--level')
        __lockdep-check_add_completions -W 'orders'$'\n''shapes'$'\n''all'
        return
        ;;
    '--max-size')
        return
        ;;
    esac
}

_lockdep-check_confirm() {
    repeating_flags=()
    non_repeating_flags=(--keep-going --show-system-locks --quiet -q --verbose -v --version -h --help)
    repeating_options=(--report)
    non_repeating_options=(--input-format --jobs --class-by --max-findings --predict --predict-memory --finding --tries --patience --timeout --save --format --output -o --html --source-root --svg --dot --color)
    __lockdep-check_offer_flags_options -1

    # Offer option value completions
    case "${prev}" in
    '--input-format')
        __lockdep-check_add_completions -W 'text'$'\n''jsonl'$'\n''recording'$'\n''graph'$'\n''abseil'$'\n''android'$'\n''bitcoin'$'\n''debugger'$'\n''ftrace'$'\n''go'$'\n''go-deadlock'$'\n''helgrind'$'\n''innodb'$'\n''javacore'$'\n''jvm'$'\n''kernel-log'$'\n''lockdep'$'\n''lockdep-chains'$'\n''lttng'$'\n''parking-lot'$'\n''perf'$'\n''postgresql'$'\n''std'$'\n''tracing-mutex'$'\n''tsan'
        return
        ;;
    '--jobs')
        return
        ;;
    '--class-by')
        __lockdep-check_add_completions -W 'init'$'\n''first-use'$'\n''lock'
        return
        ;;
    '--max-findings')
        return
        ;;
    '--predict')
        __lockdep-check_add_completions -W 'auto'$'\n''always'$'\n''never'
        return
        ;;
    '--predict-memory')
        return
        ;;
    '--finding')
        return
        ;;
    '--tries')
        return
        ;;
    '--patience')
        return
        ;;
    '--timeout')
        return
        ;;
    '--save')
        __lockdep-check_add_completions -f
        return
        ;;
    '--format')
        __lockdep-check_add_completions -W 'text'$'\n''compact'$'\n''json'$'\n''sarif'$'\n''junit'$'\n''checkstyle'$'\n''github'$'\n''gitlab'$'\n''xcode'$'\n''markdown'$'\n''html'
        return
        ;;
    '--output'|'-o')
        __lockdep-check_add_completions -f
        return
        ;;
    '--report')
        __lockdep-check_add_completions -f
        return
        ;;
    '--html')
        __lockdep-check_add_completions -o plusdirs -fX '!*.@(html)'
        return
        ;;
    '--source-root')
        __lockdep-check_add_completions -d
        return
        ;;
    '--svg')
        __lockdep-check_add_completions -o plusdirs -fX '!*.@(svg)'
        return
        ;;
    '--dot')
        __lockdep-check_add_completions -o plusdirs -fX '!*.@(dot)'
        return
        ;;
    '--color')
        return
        ;;
    esac

    # Offer positional completions
    case "${positional_number}" in
    *)
        __lockdep-check_add_completions -f
        return
        ;;
    esac
}

_lockdep-check_hang() {
    repeating_flags=()
    non_repeating_flags=(--watch --quiet -q --verbose -v --version -h --help)
    repeating_options=(--container --report)
    non_repeating_options=(--exe --sysroot --stacks --format --output -o --html --source-root --svg --dot --color)
    __lockdep-check_offer_flags_options -1

    # Offer option value completions
    case "${prev}" in
    '--container')
        return
        ;;
    '--exe')
        __lockdep-check_add_completions -f
        return
        ;;
    '--sysroot')
        __lockdep-check_add_completions -d
        return
        ;;
    '--stacks')
        __lockdep-check_add_completions -W 'auto'$'\n''always'$'\n''never'
        return
        ;;
    '--format')
        __lockdep-check_add_completions -W 'text'$'\n''compact'$'\n''json'$'\n''sarif'$'\n''junit'$'\n''checkstyle'$'\n''github'$'\n''gitlab'$'\n''xcode'$'\n''markdown'$'\n''html'
        return
        ;;
    '--output'|'-o')
        __lockdep-check_add_completions -f
        return
        ;;
    '--report')
        __lockdep-check_add_completions -f
        return
        ;;
    '--html')
        __lockdep-check_add_completions -o plusdirs -fX '!*.@(html)'
        return
        ;;
    '--source-root')
        __lockdep-check_add_completions -d
        return
        ;;
    '--svg')
        __lockdep-check_add_completions -o plusdirs -fX '!*.@(svg)'
        return
        ;;
    '--dot')
        __lockdep-check_add_completions -o plusdirs -fX '!*.@(dot)'
        return
        ;;
    '--color')
        return
        ;;
    esac

    # Offer positional completions
    case "${positional_number}" in
    *)
        __lockdep-check_add_completions -f
        return
        ;;
    esac
}

_lockdep-check_analyze() {
    repeating_flags=()
    non_repeating_flags=(--keep-going --show-system-locks --quiet -q --verbose -v --fail-on-waits --strict-policy --version -h --help)
    repeating_options=(--report)
    non_repeating_options=(--input-format --jobs --class-by --max-findings --predict --predict-memory --fail-on --rules --policy --baseline --write-baseline --today --format --output -o --html --source-root --svg --dot --color --schedule --finding)
    __lockdep-check_offer_flags_options -1

    # Offer option value completions
    case "${prev}" in
    '--input-format')
        __lockdep-check_add_completions -W 'text'$'\n''jsonl'$'\n''recording'$'\n''graph'$'\n''abseil'$'\n''android'$'\n''bitcoin'$'\n''debugger'$'\n''ftrace'$'\n''go'$'\n''go-deadlock'$'\n''helgrind'$'\n''innodb'$'\n''javacore'$'\n''jvm'$'\n''kernel-log'$'\n''lockdep'$'\n''lockdep-chains'$'\n''lttng'$'\n''parking-lot'$'\n''perf'$'\n''postgresql'$'\n''std'$'\n''tracing-mutex'$'\n''tsan'
        return
        ;;
    '--jobs')
        return
        ;;
    '--class-by')
        __lockdep-check_add_completions -W 'init'$'\n''first-use'$'\n''lock'
        return
        ;;
    '--max-findings')
        return
        ;;
    '--predict')
        __lockdep-check_add_completions -W 'auto'$'\n''always'$'\n''never'
        return
        ;;
    '--predict-memory')
        return
        ;;
    '--fail-on')
        __lockdep-check_add_completions -W 'observed'$'\n''predicted'$'\n''feasible'$'\n''ordering'$'\n''excluded'
        return
        ;;
    '--rules')
        return
        ;;
    '--policy')
        __lockdep-check_add_completions -o plusdirs -fX '!*.@(yml|yaml)'
        return
        ;;
    '--baseline')
        __lockdep-check_add_completions -o plusdirs -fX '!*.@(json)'
        return
        ;;
    '--write-baseline')
        __lockdep-check_add_completions -o plusdirs -fX '!*.@(json)'
        return
        ;;
    '--today')
        return
        ;;
    '--format')
        __lockdep-check_add_completions -W 'text'$'\n''compact'$'\n''json'$'\n''sarif'$'\n''junit'$'\n''checkstyle'$'\n''github'$'\n''gitlab'$'\n''xcode'$'\n''markdown'$'\n''html'
        return
        ;;
    '--output'|'-o')
        __lockdep-check_add_completions -f
        return
        ;;
    '--report')
        __lockdep-check_add_completions -f
        return
        ;;
    '--html')
        __lockdep-check_add_completions -o plusdirs -fX '!*.@(html)'
        return
        ;;
    '--source-root')
        __lockdep-check_add_completions -d
        return
        ;;
    '--svg')
        __lockdep-check_add_completions -o plusdirs -fX '!*.@(svg)'
        return
        ;;
    '--dot')
        __lockdep-check_add_completions -o plusdirs -fX '!*.@(dot)'
        return
        ;;
    '--color')
        return
        ;;
    '--schedule')
        __lockdep-check_add_completions -f
        return
        ;;
    '--finding')
        return
        ;;
    esac

    # Offer positional completions
    case "${positional_number}" in
    *)
        __lockdep-check_add_completions -f
        return
        ;;
    esac
}

_lockdep-check_gate() {
    repeating_flags=()
    non_repeating_flags=(--keep-going --show-system-locks --quiet -q --verbose -v --fail-on-waits --strict-policy --prune --accept-renames --allow-empty --version -h --help)
    repeating_options=(--report)
    non_repeating_options=(--input-format --jobs --class-by --max-findings --predict --predict-memory --fail-on --rules --policy --baseline --write-baseline --today --min-events --format --output -o --html --source-root --svg --dot --color --schedule --finding)
    __lockdep-check_offer_flags_options -1

    # Offer option value completions
    case "${prev}" in
    '--input-format')
        __lockdep-check_add_completions -W 'text'$'\n''jsonl'$'\n''recording'$'\n''graph'$'\n''abseil'$'\n''android'$'\n''bitcoin'$'\n''debugger'$'\n''ftrace'$'\n''go'$'\n''go-deadlock'$'\n''helgrind'$'\n''innodb'$'\n''javacore'$'\n''jvm'$'\n''kernel-log'$'\n''lockdep'$'\n''lockdep-chains'$'\n''lttng'$'\n''parking-lot'$'\n''perf'$'\n''postgresql'$'\n''std'$'\n''tracing-mutex'$'\n''tsan'
        return
        ;;
    '--jobs')
        return
        ;;
    '--class-by')
        __lockdep-check_add_completions -W 'init'$'\n''first-use'$'\n''lock'
        return
        ;;
    '--max-findings')
        return
        ;;
    '--predict')
        __lockdep-check_add_completions -W 'auto'$'\n''always'$'\n''never'
        return
        ;;
    '--predict-memory')
        return
        ;;
    '--fail-on')
        __lockdep-check_add_completions -W 'observed'$'\n''predicted'$'\n''feasible'$'\n''ordering'$'\n''excluded'
        return
        ;;
    '--rules')
        return
        ;;
    '--policy')
        __lockdep-check_add_completions -o plusdirs -fX '!*.@(yml|yaml)'
        return
        ;;
    '--baseline')
        __lockdep-check_add_completions -o plusdirs -fX '!*.@(json)'
        return
        ;;
    '--write-baseline')
        __lockdep-check_add_completions -o plusdirs -fX '!*.@(json)'
        return
        ;;
    '--today')
        return
        ;;
    '--min-events')
        return
        ;;
    '--format')
        __lockdep-check_add_completions -W 'text'$'\n''compact'$'\n''json'$'\n''sarif'$'\n''junit'$'\n''checkstyle'$'\n''github'$'\n''gitlab'$'\n''xcode'$'\n''markdown'$'\n''html'
        return
        ;;
    '--output'|'-o')
        __lockdep-check_add_completions -f
        return
        ;;
    '--report')
        __lockdep-check_add_completions -f
        return
        ;;
    '--html')
        __lockdep-check_add_completions -o plusdirs -fX '!*.@(html)'
        return
        ;;
    '--source-root')
        __lockdep-check_add_completions -d
        return
        ;;
    '--svg')
        __lockdep-check_add_completions -o plusdirs -fX '!*.@(svg)'
        return
        ;;
    '--dot')
        __lockdep-check_add_completions -o plusdirs -fX '!*.@(dot)'
        return
        ;;
    '--color')
        return
        ;;
    '--schedule')
        __lockdep-check_add_completions -f
        return
        ;;
    '--finding')
        return
        ;;
    esac

    # Offer positional completions
    case "${positional_number}" in
    *)
        __lockdep-check_add_completions -f
        return
        ;;
    esac
}

_lockdep-check_render() {
    repeating_flags=()
    non_repeating_flags=(--keep-going --show-system-locks --quiet -q --verbose -v --all --kinds --version -h --help)
    repeating_options=()
    non_repeating_options=(--input-format --jobs --class-by --max-findings --predict --predict-memory --output -o --format --around --depth --finding --max-classes --weight --source-root)
    __lockdep-check_offer_flags_options -1

    # Offer option value completions
    case "${prev}" in
    '--input-format')
        __lockdep-check_add_completions -W 'text'$'\n''jsonl'$'\n''recording'$'\n''graph'$'\n''abseil'$'\n''android'$'\n''bitcoin'$'\n''debugger'$'\n''ftrace'$'\n''go'$'\n''go-deadlock'$'\n''helgrind'$'\n''innodb'$'\n''javacore'$'\n''jvm'$'\n''kernel-log'$'\n''lockdep'$'\n''lockdep-chains'$'\n''lttng'$'\n''parking-lot'$'\n''perf'$'\n''postgresql'$'\n''std'$'\n''tracing-mutex'$'\n''tsan'
        return
        ;;
    '--jobs')
        return
        ;;
    '--class-by')
        __lockdep-check_add_completions -W 'init'$'\n''first-use'$'\n''lock'
        return
        ;;
    '--max-findings')
        return
        ;;
    '--predict')
        __lockdep-check_add_completions -W 'auto'$'\n''always'$'\n''never'
        return
        ;;
    '--predict-memory')
        return
        ;;
    '--output'|'-o')
        __lockdep-check_add_completions -o plusdirs -fX '!*.@(svg|dot|png|pdf|html)'
        return
        ;;
    '--format')
        __lockdep-check_add_completions -W 'svg'$'\n''dot'$'\n''png'$'\n''pdf'
        return
        ;;
    '--around')
        return
        ;;
    '--depth')
        return
        ;;
    '--finding')
        return
        ;;
    '--max-classes')
        return
        ;;
    '--weight')
        __lockdep-check_add_completions -W 'hold'$'\n''contention'
        return
        ;;
    '--source-root')
        __lockdep-check_add_completions -d
        return
        ;;
    esac

    # Offer positional completions
    case "${positional_number}" in
    *)
        __lockdep-check_add_completions -f
        return
        ;;
    esac
}

_lockdep-check_stats() {
    repeating_flags=()
    non_repeating_flags=(--keep-going --show-system-locks --quiet -q --verbose -v --version -h --help)
    repeating_options=()
    non_repeating_options=(--input-format --jobs --class-by --sort --top --points --format --output -o)
    __lockdep-check_offer_flags_options -1

    # Offer option value completions
    case "${prev}" in
    '--input-format')
        __lockdep-check_add_completions -W 'text'$'\n''jsonl'$'\n''recording'$'\n''graph'$'\n''abseil'$'\n''android'$'\n''bitcoin'$'\n''debugger'$'\n''ftrace'$'\n''go'$'\n''go-deadlock'$'\n''helgrind'$'\n''innodb'$'\n''javacore'$'\n''jvm'$'\n''kernel-log'$'\n''lockdep'$'\n''lockdep-chains'$'\n''lttng'$'\n''parking-lot'$'\n''perf'$'\n''postgresql'$'\n''std'$'\n''tracing-mutex'$'\n''tsan'
        return
        ;;
    '--jobs')
        return
        ;;
    '--class-by')
        __lockdep-check_add_completions -W 'init'$'\n''first-use'$'\n''lock'
        return
        ;;
    '--sort')
        __lockdep-check_add_completions -W 'contentions'$'\n''wait-total'$'\n''wait-max'$'\n''hold-total'$'\n''hold-max'$'\n''acquisitions'$'\n''name'
        return
        ;;
    '--top')
        return
        ;;
    '--points')
        return
        ;;
    '--format')
        __lockdep-check_add_completions -W 'table'$'\n''json'$'\n''csv'
        return
        ;;
    '--output'|'-o')
        __lockdep-check_add_completions -f
        return
        ;;
    esac

    # Offer positional completions
    case "${positional_number}" in
    *)
        __lockdep-check_add_completions -f
        return
        ;;
    esac
}

_lockdep-check_convert() {
    repeating_flags=()
    non_repeating_flags=(--keep-going --show-system-locks --quiet -q --verbose -v --version -h --help)
    repeating_options=()
    non_repeating_options=(--input-format --jobs --to --output -o)
    __lockdep-check_offer_flags_options -1

    # Offer option value completions
    case "${prev}" in
    '--input-format')
        __lockdep-check_add_completions -W 'text'$'\n''jsonl'$'\n''recording'$'\n''graph'$'\n''abseil'$'\n''android'$'\n''bitcoin'$'\n''debugger'$'\n''ftrace'$'\n''go'$'\n''go-deadlock'$'\n''helgrind'$'\n''innodb'$'\n''javacore'$'\n''jvm'$'\n''kernel-log'$'\n''lockdep'$'\n''lockdep-chains'$'\n''lttng'$'\n''parking-lot'$'\n''perf'$'\n''postgresql'$'\n''std'$'\n''tracing-mutex'$'\n''tsan'
        return
        ;;
    '--jobs')
        return
        ;;
    '--to')
        __lockdep-check_add_completions -W 'text'$'\n''jsonl'
        return
        ;;
    '--output'|'-o')
        __lockdep-check_add_completions -o plusdirs -fX '!*.@(trace|jsonl)'
        return
        ;;
    esac

    # Offer positional completions
    case "${positional_number}" in
    *)
        __lockdep-check_add_completions -f
        return
        ;;
    esac
}

_lockdep-check_seal() {
    repeating_flags=()
    non_repeating_flags=(--quiet -q --verbose -v --version -h --help)
    repeating_options=()
    non_repeating_options=()
    __lockdep-check_offer_flags_options -1

    # Offer positional completions
    case "${positional_number}" in
    *)
        __lockdep-check_add_completions -f
        return
        ;;
    esac
}

_lockdep-check_merge() {
    repeating_flags=()
    non_repeating_flags=(--keep-going --show-system-locks --quiet -q --verbose -v --version -h --help)
    repeating_options=()
    non_repeating_options=(--input-format --jobs --class-by --predict --predict-memory --output -o)
    __lockdep-check_offer_flags_options -1

    # Offer option value completions
    case "${prev}" in
    '--input-format')
        __lockdep-check_add_completions -W 'text'$'\n''jsonl'$'\n''recording'$'\n''graph'$'\n''abseil'$'\n''android'$'\n''bitcoin'$'\n''debugger'$'\n''ftrace'$'\n''go'$'\n''go-deadlock'$'\n''helgrind'$'\n''innodb'$'\n''javacore'$'\n''jvm'$'\n''kernel-log'$'\n''lockdep'$'\n''lockdep-chains'$'\n''lttng'$'\n''parking-lot'$'\n''perf'$'\n''postgresql'$'\n''std'$'\n''tracing-mutex'$'\n''tsan'
        return
        ;;
    '--jobs')
        return
        ;;
    '--class-by')
        __lockdep-check_add_completions -W 'init'$'\n''first-use'$'\n''lock'
        return
        ;;
    '--predict')
        __lockdep-check_add_completions -W 'auto'$'\n''always'$'\n''never'
        return
        ;;
    '--predict-memory')
        return
        ;;
    '--output'|'-o')
        __lockdep-check_add_completions -o plusdirs -fX '!*.@(graph)'
        return
        ;;
    esac

    # Offer positional completions
    case "${positional_number}" in
    *)
        __lockdep-check_add_completions -f
        return
        ;;
    esac
}

_lockdep-check_diff() {
    repeating_flags=()
    non_repeating_flags=(--keep-going --fail-on-new-edges --fail-on-new-findings --quiet -q --verbose -v --version -h --help)
    repeating_options=()
    non_repeating_options=(--input-format --jobs --max-findings --class-by --format --output -o --svg --color)
    __lockdep-check_offer_flags_options 2

    # Offer option value completions
    case "${prev}" in
    '--input-format')
        __lockdep-check_add_completions -W 'text'$'\n''jsonl'$'\n''recording'$'\n''graph'$'\n''abseil'$'\n''android'$'\n''bitcoin'$'\n''debugger'$'\n''ftrace'$'\n''go'$'\n''go-deadlock'$'\n''helgrind'$'\n''innodb'$'\n''javacore'$'\n''jvm'$'\n''kernel-log'$'\n''lockdep'$'\n''lockdep-chains'$'\n''lttng'$'\n''parking-lot'$'\n''perf'$'\n''postgresql'$'\n''std'$'\n''tracing-mutex'$'\n''tsan'
        return
        ;;
    '--jobs')
        return
        ;;
    '--max-findings')
        return
        ;;
    '--class-by')
        __lockdep-check_add_completions -W 'init'$'\n''first-use'$'\n''lock'
        return
        ;;
    '--format')
        __lockdep-check_add_completions -W 'text'$'\n''json'
        return
        ;;
    '--output'|'-o')
        __lockdep-check_add_completions -f
        return
        ;;
    '--svg')
        __lockdep-check_add_completions -o plusdirs -fX '!*.@(svg)'
        return
        ;;
    '--color')
        return
        ;;
    esac

    # Offer positional completions
    case "${positional_number}" in
    1)
        __lockdep-check_add_completions -f
        return
        ;;
    2)
        __lockdep-check_add_completions -f
        return
        ;;
    esac
}

_lockdep-check_what-if() {
    repeating_flags=()
    non_repeating_flags=(--keep-going --show-system-locks --quiet -q --verbose -v --version -h --help)
    repeating_options=(--order --gate --try)
    non_repeating_options=(--input-format --jobs --class-by --max-findings --format --output -o --color)
    __lockdep-check_offer_flags_options -1

    # Offer option value completions
    case "${prev}" in
    '--input-format')
        __lockdep-check_add_completions -W 'text'$'\n''jsonl'$'\n''recording'$'\n''graph'$'\n''abseil'$'\n''android'$'\n''bitcoin'$'\n''debugger'$'\n''ftrace'$'\n''go'$'\n''go-deadlock'$'\n''helgrind'$'\n''innodb'$'\n''javacore'$'\n''jvm'$'\n''kernel-log'$'\n''lockdep'$'\n''lockdep-chains'$'\n''lttng'$'\n''parking-lot'$'\n''perf'$'\n''postgresql'$'\n''std'$'\n''tracing-mutex'$'\n''tsan'
        return
        ;;
    '--jobs')
        return
        ;;
    '--class-by')
        __lockdep-check_add_completions -W 'init'$'\n''first-use'$'\n''lock'
        return
        ;;
    '--order')
        return
        ;;
    '--gate')
        return
        ;;
    '--try')
        return
        ;;
    '--max-findings')
        return
        ;;
    '--format')
        __lockdep-check_add_completions -W 'text'$'\n''json'
        return
        ;;
    '--output'|'-o')
        __lockdep-check_add_completions -f
        return
        ;;
    '--color')
        return
        ;;
    esac

    # Offer positional completions
    case "${positional_number}" in
    *)
        __lockdep-check_add_completions -f
        return
        ;;
    esac
}

_lockdep-check_policy() {
    repeating_flags=()
    non_repeating_flags=(--version -h --help)
    repeating_options=()
    non_repeating_options=()
    __lockdep-check_offer_flags_options 0

    # Offer subcommand / subcommand argument completions
    local -r subcommand="${unparsed_words[0]}"
    unset 'unparsed_words[0]'
    unparsed_words=("${unparsed_words[@]}")
    case "${subcommand}" in
    check|infer)
        # Offer subcommand argument completions
        "_lockdep-check_policy_${subcommand}"
        ;;
    *)
        # Offer subcommand completions
        COMPREPLY+=($(compgen -W 'check infer' -- "${cur}"))
        ;;
    esac
}

_lockdep-check_policy_check() {
    repeating_flags=()
    non_repeating_flags=(--version -h --help)
    repeating_options=()
    non_repeating_options=()
    __lockdep-check_offer_flags_options -1

    # Offer positional completions
    case "${positional_number}" in
    *)
        __lockdep-check_add_completions -o plusdirs -fX '!*.@(yml|yaml)'
        return
        ;;
    esac
}

_lockdep-check_policy_infer() {
    repeating_flags=()
    non_repeating_flags=(--keep-going --show-system-locks --quiet -q --verbose -v --version -h --help)
    repeating_options=()
    non_repeating_options=(--input-format --jobs --output -o)
    __lockdep-check_offer_flags_options -1

    # Offer option value completions
    case "${prev}" in
    '--input-format')
        __lockdep-check_add_completions -W 'text'$'\n''jsonl'$'\n''recording'$'\n''graph'$'\n''abseil'$'\n''android'$'\n''bitcoin'$'\n''debugger'$'\n''ftrace'$'\n''go'$'\n''go-deadlock'$'\n''helgrind'$'\n''innodb'$'\n''javacore'$'\n''jvm'$'\n''kernel-log'$'\n''lockdep'$'\n''lockdep-chains'$'\n''lttng'$'\n''parking-lot'$'\n''perf'$'\n''postgresql'$'\n''std'$'\n''tracing-mutex'$'\n''tsan'
        return
        ;;
    '--jobs')
        return
        ;;
    '--output'|'-o')
        __lockdep-check_add_completions -o plusdirs -fX '!*.@(yml|yaml)'
        return
        ;;
    esac

    # Offer positional completions
    case "${positional_number}" in
    *)
        __lockdep-check_add_completions -f
        return
        ;;
    esac
}

_lockdep-check_explain() {
    repeating_flags=()
    non_repeating_flags=(--version -h --help)
    repeating_options=()
    non_repeating_options=()
    __lockdep-check_offer_flags_options -1

    # Offer positional completions
    case "${positional_number}" in
    *)
        __lockdep-check_add_completions -W 'deadlock'$'\n''lock-order-inversion'$'\n''recursive-acquisition'$'\n''context-inversion'$'\n''context-order-inversion'$'\n''invalid-wait-context'$'\n''nest-not-held'$'\n''release-not-held'$'\n''held-at-exit'$'\n''destroyed-while-held'$'\n''lock-corrupted'$'\n''assertion-failed'$'\n''pin-violated'$'\n''unbalanced-context'$'\n''wait-while-holding'$'\n''reference-count-misused'$'\n''held-across-suspension'$'\n''resumed-while-holding'$'\n''declared-order'$'\n''still-waiting'$'\n''long-hold'$'\n''long-wait'$'\n''observed'$'\n''predicted'$'\n''feasible'$'\n''ordering'$'\n''excluded'$'\n''baseline'$'\n''class'$'\n''context'$'\n''cycle'$'\n''derived-class'$'\n''exclusive'$'\n''fingerprint'$'\n''fold'$'\n''gate-lock'$'\n''grade'$'\n''instance'$'\n''join'$'\n''kinds'$'\n''mode'$'\n''nesting'$'\n''nesting-level'$'\n''open-wait'$'\n''order'$'\n''policy'$'\n''pool'$'\n''schedule'$'\n''severity'$'\n''standing'$'\n''try'$'\n''wait-type'$'\n''witness'
        return
        ;;
    esac
}

_lockdep-check_help() {
    repeating_flags=()
    non_repeating_flags=(--version)
    repeating_options=()
    non_repeating_options=()
    __lockdep-check_offer_flags_options -1
}

complete -o filenames -F _lockdep-check lockdep-check
