#compdef lockdep-check

__lockdep-check_complete() {
    local -ar non_empty_completions=("${@:#(|:*)}")
    local -ar empty_completions=("${(M)@:#(|:*)}")
    _describe -V '' non_empty_completions -- empty_completions -P $'\'\''
}

__lockdep-check_custom_complete() {
    local -a completions
    completions=("${(@f)"$("${command_name}" "${@}" "${command_line[@]}")"}")
    if [[ "${#completions[@]}" -gt 1 ]]; then
        __lockdep-check_complete "${completions[@]:0:-1}"
    fi
}

__lockdep-check_cursor_index_in_current_word() {
    if [[ -z "${QIPREFIX}${IPREFIX}${PREFIX}" ]]; then
        printf 0
    else
        printf %s "${#${(z)LBUFFER}[-1]}"
    fi
}

_lockdep-check() {
    emulate -RL zsh -G
    setopt extendedglob nullglob numericglobsort
    unsetopt aliases banghist

    local -xr SAP_SHELL=zsh
    local -x SAP_SHELL_VERSION
    SAP_SHELL_VERSION="$(builtin emulate zsh -c 'printf %s "${ZSH_VERSION}"')"
    local -r SAP_SHELL_VERSION

    local context state state_descr line
    local -A opt_args

    local -r command_name="${words[1]}"
    local -ar command_line=("${words[@]}")
    local -ir current_word_index="$((CURRENT - 1))"

    local -i ret=1
    local -ar arg_specs=(
        '--version[Show the version.]'
        '(-h --help)'{-h,--help}'[Show help information.]'
        '(-): :->command'
        '(-)*:: :->arg'
    )
    _arguments -w -s -S : "${arg_specs[@]}" && ret=0
    case "${state}" in
    command)
        local -ar subcommands=(
            'run:Run a program as it is, and judge how its threads took locks.'
            'record:Run a program as it is, and record what its threads do with locks.'
            'confirm:Run a program once more, and steer it into a deadlock that was found.'
            'hang:Tell why a process or core file hangs: who waits for what, and who has it.'
            'analyze:Find violations and describe them; succeeds whatever it finds.'
            'gate:The same as a verdict: exit status 1 if there are violations.'
            'render:Draw the lock-order graph through Graphviz.'
            'stats:Show contention, wait and hold times of each lock class, as /proc/lock_stat does.'
            'convert:Write traces of any format in another encoding.'
            'seal:Name the functions, places and locks of recordings whose program was killed.'
            'merge:Fold traces and graph files into one graph file.'
            'diff:Show what one graph has and another has not: classes, dependencies, findings.'
            'what-if:Judge inputs as if the program had been changed: what is gone then, and what is new.'
            'policy:Check a policy file, or propose one from what was seen.'
            'explain:What a rule, a grade or a word of the reports means.'
            'help:Show subcommand help information.'
        )
        _describe -V subcommand subcommands && ret=0
        ;;
    arg)
        case "${words[1]}" in
        run|record|confirm|hang|analyze|gate|render|stats|convert|seal|merge|diff|what-if|policy|explain|help)
            "_lockdep-check_${words[1]}" && ret=0
            ;;
        esac
        ;;
    esac

    return "${ret}"
}

_lockdep-check_run() {
    local -i ret=1
    local -ar ___level=('orders' 'shapes' 'all')
    local -ar ___class_by=('init' 'first-use' 'lock')
    local -ar ___predict=('auto' 'always' 'never')
    local -ar ___fail_on=('observed' 'predicted' 'feasible' 'ordering' 'excluded')
    local -ar ___format=('text' 'compact' 'json' 'sarif' 'junit' 'checkstyle' 'github' 'gitlab' 'xcode' 'markdown' 'html')
    local -ar arg_specs=(
        '--trace[Keep the traces\: FILE.lgt, with those of children beside it, or a folder.]:file.lgt|folder:_files -g '\''*.lgt'\'''
        '--level[How much is recorded\: orders keeps each order of locks once, for runs of days; shapes each shape of nested sections a few times; all every acquisition.]:orders|shapes|all:{__lockdep-check_complete "${___level[@]}"}'
        '--times[Record when each event was, which takes longer, for stats.]'
        '--audit[Record what libraries do that are loaded apart too, with dlmopen or RTLD_DEEPBIND, and functions that are looked up in the C library itself; starts slower.]'
        '--no-names[Keep no parts of the program'\''s stack, by which locks of the heap get their names.]'
        '--no-children[Record the command'\''s own process alone, and none that it starts.]'
        '--max-size[How long the trace of a process gets at most, as 500M or 2G; what comes then is counted.]:bytes:'
        '--hang-after[Explain what hangs if threads have waited so long for locks; 0 never does. 10 on a terminal, else 60.]:seconds:'
        '--timeout[End the command if it runs longer, with SIGTERM and 5 seconds later with SIGKILL.]:seconds:'
        '--class-by[What makes locks a class where traces state none\: the place of their init, that of their first use, or nothing, each lock being its own. Graph files keep what they were merged with.]:init|first-use|lock:{__lockdep-check_complete "${___class_by[@]}"}'
        '--max-findings[How many lock-order inversions are listed; the rest is counted.]:max-findings:'
        '--show-system-locks[Show the locks of the loader and of allocators, which are left out otherwise.]'
        '--predict[Look for potential deadlocks in other orders of the events\: auto, always (five times as long, and say of inputs that have no events to be put in order that it was not possible) or never.]:predict:{__lockdep-check_complete "${___predict[@]}"}'
        '--predict-memory[How much memory the events of an input may take for that; what takes more is not decided.]:MiB:'
        '--fail-on[The least certain deadlock that fails a gate\: observed, predicted, feasible, ordering or excluded. It goes before what the policy says; without either, ordering.]:confidence:{__lockdep-check_complete "${___fail_on[@]}"}'
        '--fail-on-waits[Make violations of what still waits where the inputs end, as rule still-waiting. A recording that was cut off has some.]'
        '--rules[Look for these rules only, separated by commas.]:rule,...:'
        '--policy[Declared orders, limits, ignores and grades. A gate uses .lockgraph.yml or .lockgraph.yaml of the folder where it runs, or of the nearest one above it in the repository; none uses no policy.]:file:_files -g '\''*.yml *.yaml'\'''
        '--strict-policy[Fail if the policy has something that is of no use\: an ignore of what was not found, a pattern that matches no class.]'
        '--baseline[Let findings through that this file records, and tell which are gone.]:file:_files -g '\''*.json'\'''
        '--write-baseline[Record everything that would fail in this file, and succeed. Reasons, owners and days of expiry of findings that stay are kept.]:file:_files -g '\''*.json'\'''
        '--today[The day on which exceptions hold or have expired, as YYYY-MM-DD; SOURCE_DATE_EPOCH, or today.]:day:'
        '--prune[Take findings that are gone out of the file of --baseline.]'
        '--accept-renames[Take findings as known that a baseline knows by other names of classes\: at the same places, where the old names are gone and the new ones are new.]'
        '--allow-empty[Let inputs without any events pass.]'
        '--min-events[Let inputs pass only if they have so many events in all, since a recording can be cut off.]:number:'
        '--format[The format of the report\: text, compact, json, sarif, junit, checkstyle, github, gitlab, xcode, markdown, html.]:format:{__lockdep-check_complete "${___format[@]}"}'
        '(--output -o)'{--output,-o}'[Write the report to a file instead of standard output.]:file:_files'
        '*--report[Write another report of the same run into a file, as sarif=out.sarif; may be repeated.]:format=file:_files'
        '--html[Write one page for a browser, with the code and the graph in it\: short for --report html=FILE.]:file:_files -g '\''*.html'\'''
        '--source-root[The folder that paths in reports for CI systems are relative to, and below which html and markdown read lines of the source; the current one if not given. If it is given, text shows lines too, and comments lockgraph\:ignore are read. text and json show paths as the trace has them.]:folder:_files -/'
        '--svg[Draw findings and their neighbourhood as SVG into a file.]:file:_files -g '\''*.svg'\'''
        '--dot[Write the same drawing as DOT into a file.]:file:_files -g '\''*.dot'\'''
        '--color[Colour in text\: auto, always or never.]:color:'
        '--schedule[Write the events of a predicted deadlock as a trace, in the order that ends in it; into a folder, a file FINGERPRINT.trace for each that is predicted.]:file:_files'
        '--finding[Of which finding, by its number in the report; the first that is predicted.]:number:'
        '--error-exitcode[The exit status if there are violations, instead of 1.]:status:'
        '(--quiet -q)'{--quiet,-q}'[Tell nothing but errors on standard error.]'
        '(--verbose -v)'{--verbose,-v}'[Tell of every input what it was read as.]'
        '*:command:'
        '--version[Show the version.]'
        '(-h --help)'{-h,--help}'[Show help information.]'
    )
    _arguments -w -s -S : "${arg_specs[@]}" && ret=0

    return "${ret}"
}

_lockdep-check_record() {
    local -i ret=1
    local -ar ___level=('orders' 'shapes' 'all')
    local -ar arg_specs=(
        '(--output -o)'{--output,-o}'[Where the traces go\: FILE.lgt for the command'\''s own process, with those of its children beside it, or a folder. Without it they go to NAME.lockgraph, in place of those of an earlier recording.]:file.lgt|folder:_files -g '\''*.lgt'\'''
        '--level[How much is recorded\: orders keeps each order of locks once, for runs of days; shapes each shape of nested sections a few times; all every acquisition.]:orders|shapes|all:{__lockdep-check_complete "${___level[@]}"}'
        '--times[Record when each event was, which takes longer, for stats.]'
        '--audit[Record what libraries do that are loaded apart too, with dlmopen or RTLD_DEEPBIND, and functions that are looked up in the C library itself; starts slower.]'
        '--no-names[Keep no parts of the program'\''s stack, by which locks of the heap get their names.]'
        '--no-children[Record the command'\''s own process alone, and none that it starts.]'
        '--max-size[How long the trace of a process gets at most, as 500M or 2G; what comes then is counted.]:bytes:'
        '(--quiet -q)'{--quiet,-q}'[Tell nothing but errors on standard error.]'
        '(--verbose -v)'{--verbose,-v}'[Tell of every input what it was read as.]'
        '*:command:'
        '--version[Show the version.]'
        '(-h --help)'{-h,--help}'[Show help information.]'
    )
    _arguments -w -s -S : "${arg_specs[@]}" && ret=0

    return "${ret}"
}

_lockdep-check_confirm() {
    local -i ret=1
    local -ar ___input_format=('text' 'jsonl' 'recording' 'graph' 'abseil' 'android' 'bitcoin' 'debugger' 'ftrace' 'go' 'go-deadlock' 'helgrind' 'innodb' 'javacore' 'jvm' 'kernel-log' 'lockdep' 'lockdep-chains' 'lttng' 'parking-lot' 'perf' 'postgresql' 'std' 'tracing-mutex' 'tsan')
    local -ar ___class_by=('init' 'first-use' 'lock')
    local -ar ___predict=('auto' 'always' 'never')
    local -ar ___format=('text' 'compact' 'json' 'sarif' 'junit' 'checkstyle' 'github' 'gitlab' 'xcode' 'markdown' 'html')
    local -ar arg_specs=(
        '*:input:_files'
        '--input-format[Read the inputs as this format instead of recognising it\: text, jsonl, recording, graph, abseil, android, bitcoin, debugger, ftrace, go, go-deadlock, helgrind, innodb, javacore, jvm, kernel-log, lockdep, lockdep-chains, lttng, parking-lot, perf, postgresql, std, tracing-mutex, tsan.]:input-format:{__lockdep-check_complete "${___input_format[@]}"}'
        '--keep-going[Skip bad lines and report how many there were, instead of stopping at the first.]'
        '--show-system-locks[Show the locks of the loader and of allocators, which are left out of recordings.]'
        '--jobs[How many threads read the inputs; without it, as many as there are processors. The output is the same.]:number:'
        '(--quiet -q)'{--quiet,-q}'[Tell nothing but errors on standard error.]'
        '(--verbose -v)'{--verbose,-v}'[Tell of every input what it was read as.]'
        '--class-by[What makes locks a class where traces state none\: the place of their init, that of their first use, or nothing, each lock being its own. Graph files keep what they were merged with.]:init|first-use|lock:{__lockdep-check_complete "${___class_by[@]}"}'
        '--max-findings[How many lock-order inversions are listed; the rest is counted.]:max-findings:'
        '--predict[Look for potential deadlocks in other orders of the events\: auto, always (five times as long, and say of inputs that have no events to be put in order that it was not possible) or never.]:predict:{__lockdep-check_complete "${___predict[@]}"}'
        '--predict-memory[How much memory the events of an input may take for that; what takes more is not decided.]:MiB:'
        '--finding[Which finding\: its number in the report of analyze, or its fingerprint.]:number|fingerprint:'
        '--tries[How often the command is run. Threads are kept for 0.1 s in the first run, 1 s in the second and 10 s in further ones.]:tries:'
        '--patience[How long threads are kept in one run, all pauses together.]:seconds:'
        '--timeout[End a run that takes longer.]:seconds:'
        '--save[Write where the program is kept into a file, which is an input of this command.]:file:_files'
        '--format[The format of the report\: text, compact, json, sarif, junit, checkstyle, github, gitlab, xcode, markdown, html.]:format:{__lockdep-check_complete "${___format[@]}"}'
        '(--output -o)'{--output,-o}'[Write the report to a file instead of standard output.]:file:_files'
        '*--report[Write another report of the same run into a file, as sarif=out.sarif; may be repeated.]:format=file:_files'
        '--html[Write one page for a browser, with the code and the graph in it\: short for --report html=FILE.]:file:_files -g '\''*.html'\'''
        '--source-root[The folder that paths in reports for CI systems are relative to, and below which html and markdown read lines of the source; the current one if not given. If it is given, text shows lines too, and comments lockgraph\:ignore are read. text and json show paths as the trace has them.]:folder:_files -/'
        '--svg[Draw findings and their neighbourhood as SVG into a file.]:file:_files -g '\''*.svg'\'''
        '--dot[Write the same drawing as DOT into a file.]:file:_files -g '\''*.dot'\'''
        '--color[Colour in text\: auto, always or never.]:color:'
        '--version[Show the version.]'
        '(-h --help)'{-h,--help}'[Show help information.]'
    )
    _arguments -w -s -S : "${arg_specs[@]}" && ret=0

    return "${ret}"
}

_lockdep-check_hang() {
    local -i ret=1
    local -ar ___stacks=('auto' 'always' 'never')
    local -ar ___format=('text' 'compact' 'json' 'sarif' 'junit' 'checkstyle' 'github' 'gitlab' 'xcode' 'markdown' 'html')
    local -ar arg_specs=(
        '*:pid|core:_files'
        '*--container[A container whose processes are looked at, as docker, podman or nerdctl knows it; may be repeated.]:name:'
        '--exe[The program of the core file, if it has moved.]:file:_files'
        '--sysroot[The folder below which the core file'\''s program and libraries are.]:folder:_files -/'
        '--stacks[Functions of threads\: auto, without stopping any; always, which stops running threads for some microseconds to see whether they spin for a lock; never.]:stacks:{__lockdep-check_complete "${___stacks[@]}"}'
        '--watch[Look once a second until something hangs, or the processes have ended.]'
        '--format[The format of the report\: text, compact, json, sarif, junit, checkstyle, github, gitlab, xcode, markdown, html.]:format:{__lockdep-check_complete "${___format[@]}"}'
        '(--output -o)'{--output,-o}'[Write the report to a file instead of standard output.]:file:_files'
        '*--report[Write another report of the same run into a file, as sarif=out.sarif; may be repeated.]:format=file:_files'
        '--html[Write one page for a browser, with the code and the graph in it\: short for --report html=FILE.]:file:_files -g '\''*.html'\'''
        '--source-root[The folder that paths in reports for CI systems are relative to, and below which html and markdown read lines of the source; the current one if not given. If it is given, text shows lines too, and comments lockgraph\:ignore are read. text and json show paths as the trace has them.]:folder:_files -/'
        '--svg[Draw findings and their neighbourhood as SVG into a file.]:file:_files -g '\''*.svg'\'''
        '--dot[Write the same drawing as DOT into a file.]:file:_files -g '\''*.dot'\'''
        '--color[Colour in text\: auto, always or never.]:color:'
        '(--quiet -q)'{--quiet,-q}'[Tell nothing but errors on standard error.]'
        '(--verbose -v)'{--verbose,-v}'[Tell of every input what it was read as.]'
        '--version[Show the version.]'
        '(-h --help)'{-h,--help}'[Show help information.]'
    )
    _arguments -w -s -S : "${arg_specs[@]}" && ret=0

    return "${ret}"
}

_lockdep-check_analyze() {
    local -i ret=1
    local -ar ___input_format=('text' 'jsonl' 'recording' 'graph' 'abseil' 'android' 'bitcoin' 'debugger' 'ftrace' 'go' 'go-deadlock' 'helgrind' 'innodb' 'javacore' 'jvm' 'kernel-log' 'lockdep' 'lockdep-chains' 'lttng' 'parking-lot' 'perf' 'postgresql' 'std' 'tracing-mutex' 'tsan')
    local -ar ___class_by=('init' 'first-use' 'lock')
    local -ar ___predict=('auto' 'always' 'never')
    local -ar ___fail_on=('observed' 'predicted' 'feasible' 'ordering' 'excluded')
    local -ar ___format=('text' 'compact' 'json' 'sarif' 'junit' 'checkstyle' 'github' 'gitlab' 'xcode' 'markdown' 'html')
    local -ar arg_specs=(
        '*:input:_files'
        '--input-format[Read the inputs as this format instead of recognising it\: text, jsonl, recording, graph, abseil, android, bitcoin, debugger, ftrace, go, go-deadlock, helgrind, innodb, javacore, jvm, kernel-log, lockdep, lockdep-chains, lttng, parking-lot, perf, postgresql, std, tracing-mutex, tsan.]:input-format:{__lockdep-check_complete "${___input_format[@]}"}'
        '--keep-going[Skip bad lines and report how many there were, instead of stopping at the first.]'
        '--show-system-locks[Show the locks of the loader and of allocators, which are left out of recordings.]'
        '--jobs[How many threads read the inputs; without it, as many as there are processors. The output is the same.]:number:'
        '(--quiet -q)'{--quiet,-q}'[Tell nothing but errors on standard error.]'
        '(--verbose -v)'{--verbose,-v}'[Tell of every input what it was read as.]'
        '--class-by[What makes locks a class where traces state none\: the place of their init, that of their first use, or nothing, each lock being its own. Graph files keep what they were merged with.]:init|first-use|lock:{__lockdep-check_complete "${___class_by[@]}"}'
        '--max-findings[How many lock-order inversions are listed; the rest is counted.]:max-findings:'
        '--predict[Look for potential deadlocks in other orders of the events\: auto, always (five times as long, and say of inputs that have no events to be put in order that it was not possible) or never.]:predict:{__lockdep-check_complete "${___predict[@]}"}'
        '--predict-memory[How much memory the events of an input may take for that; what takes more is not decided.]:MiB:'
        '--fail-on[The least certain deadlock that fails a gate\: observed, predicted, feasible, ordering or excluded. It goes before what the policy says; without either, ordering.]:confidence:{__lockdep-check_complete "${___fail_on[@]}"}'
        '--fail-on-waits[Make violations of what still waits where the inputs end, as rule still-waiting. A recording that was cut off has some.]'
        '--rules[Look for these rules only, separated by commas.]:rule,...:'
        '--policy[Declared orders, limits, ignores and grades. A gate uses .lockgraph.yml or .lockgraph.yaml of the folder where it runs, or of the nearest one above it in the repository; none uses no policy.]:file:_files -g '\''*.yml *.yaml'\'''
        '--strict-policy[Fail if the policy has something that is of no use\: an ignore of what was not found, a pattern that matches no class.]'
        '--baseline[Let findings through that this file records, and tell which are gone.]:file:_files -g '\''*.json'\'''
        '--write-baseline[Record everything that would fail in this file, and succeed. Reasons, owners and days of expiry of findings that stay are kept.]:file:_files -g '\''*.json'\'''
        '--today[The day on which exceptions hold or have expired, as YYYY-MM-DD; SOURCE_DATE_EPOCH, or today.]:day:'
        '--format[The format of the report\: text, compact, json, sarif, junit, checkstyle, github, gitlab, xcode, markdown, html.]:format:{__lockdep-check_complete "${___format[@]}"}'
        '(--output -o)'{--output,-o}'[Write the report to a file instead of standard output.]:file:_files'
        '*--report[Write another report of the same run into a file, as sarif=out.sarif; may be repeated.]:format=file:_files'
        '--html[Write one page for a browser, with the code and the graph in it\: short for --report html=FILE.]:file:_files -g '\''*.html'\'''
        '--source-root[The folder that paths in reports for CI systems are relative to, and below which html and markdown read lines of the source; the current one if not given. If it is given, text shows lines too, and comments lockgraph\:ignore are read. text and json show paths as the trace has them.]:folder:_files -/'
        '--svg[Draw findings and their neighbourhood as SVG into a file.]:file:_files -g '\''*.svg'\'''
        '--dot[Write the same drawing as DOT into a file.]:file:_files -g '\''*.dot'\'''
        '--color[Colour in text\: auto, always or never.]:color:'
        '--schedule[Write the events of a predicted deadlock as a trace, in the order that ends in it; into a folder, a file FINGERPRINT.trace for each that is predicted.]:file:_files'
        '--finding[Of which finding, by its number in the report; the first that is predicted.]:number:'
        '--version[Show the version.]'
        '(-h --help)'{-h,--help}'[Show help information.]'
    )
    _arguments -w -s -S : "${arg_specs[@]}" && ret=0

    return "${ret}"
}

_lockdep-check_gate() {
    local -i ret=1
    local -ar ___input_format=('text' 'jsonl' 'recording' 'graph' 'abseil' 'android' 'bitcoin' 'debugger' 'ftrace' 'go' 'go-deadlock' 'helgrind' 'innodb' 'javacore' 'jvm' 'kernel-log' 'lockdep' 'lockdep-chains' 'lttng' 'parking-lot' 'perf' 'postgresql' 'std' 'tracing-mutex' 'tsan')
    local -ar ___class_by=('init' 'first-use' 'lock')
    local -ar ___predict=('auto' 'always' 'never')
    local -ar ___fail_on=('observed' 'predicted' 'feasible' 'ordering' 'excluded')
    local -ar ___format=('text' 'compact' 'json' 'sarif' 'junit' 'checkstyle' 'github' 'gitlab' 'xcode' 'markdown' 'html')
    local -ar arg_specs=(
        '*:input:_files'
        '--input-format[Read the inputs as this format instead of recognising it\: text, jsonl, recording, graph, abseil, android, bitcoin, debugger, ftrace, go, go-deadlock, helgrind, innodb, javacore, jvm, kernel-log, lockdep, lockdep-chains, lttng, parking-lot, perf, postgresql, std, tracing-mutex, tsan.]:input-format:{__lockdep-check_complete "${___input_format[@]}"}'
        '--keep-going[Skip bad lines and report how many there were, instead of stopping at the first.]'
        '--show-system-locks[Show the locks of the loader and of allocators, which are left out of recordings.]'
        '--jobs[How many threads read the inputs; without it, as many as there are processors. The output is the same.]:number:'
        '(--quiet -q)'{--quiet,-q}'[Tell nothing but errors on standard error.]'
        '(--verbose -v)'{--verbose,-v}'[Tell of every input what it was read as.]'
        '--class-by[What makes locks a class where traces state none\: the place of their init, that of their first use, or nothing, each lock being its own. Graph files keep what they were merged with.]:init|first-use|lock:{__lockdep-check_complete "${___class_by[@]}"}'
        '--max-findings[How many lock-order inversions are listed; the rest is counted.]:max-findings:'
        '--predict[Look for potential deadlocks in other orders of the events\: auto, always (five times as long, and say of inputs that have no events to be put in order that it was not possible) or never.]:predict:{__lockdep-check_complete "${___predict[@]}"}'
        '--predict-memory[How much memory the events of an input may take for that; what takes more is not decided.]:MiB:'
        '--fail-on[The least certain deadlock that fails a gate\: observed, predicted, feasible, ordering or excluded. It goes before what the policy says; without either, ordering.]:confidence:{__lockdep-check_complete "${___fail_on[@]}"}'
        '--fail-on-waits[Make violations of what still waits where the inputs end, as rule still-waiting. A recording that was cut off has some.]'
        '--rules[Look for these rules only, separated by commas.]:rule,...:'
        '--policy[Declared orders, limits, ignores and grades. A gate uses .lockgraph.yml or .lockgraph.yaml of the folder where it runs, or of the nearest one above it in the repository; none uses no policy.]:file:_files -g '\''*.yml *.yaml'\'''
        '--strict-policy[Fail if the policy has something that is of no use\: an ignore of what was not found, a pattern that matches no class.]'
        '--baseline[Let findings through that this file records, and tell which are gone.]:file:_files -g '\''*.json'\'''
        '--write-baseline[Record everything that would fail in this file, and succeed. Reasons, owners and days of expiry of findings that stay are kept.]:file:_files -g '\''*.json'\'''
        '--today[The day on which exceptions hold or have expired, as YYYY-MM-DD; SOURCE_DATE_EPOCH, or today.]:day:'
        '--prune[Take findings that are gone out of the file of --baseline.]'
        '--accept-renames[Take findings as known that a baseline knows by other names of classes\: at the same places, where the old names are gone and the new ones are new.]'
        '--allow-empty[Let inputs without any events pass.]'
        '--min-events[Let inputs pass only if they have so many events in all, since a recording can be cut off.]:number:'
        '--format[The format of the report\: text, compact, json, sarif, junit, checkstyle, github, gitlab, xcode, markdown, html.]:format:{__lockdep-check_complete "${___format[@]}"}'
        '(--output -o)'{--output,-o}'[Write the report to a file instead of standard output.]:file:_files'
        '*--report[Write another report of the same run into a file, as sarif=out.sarif; may be repeated.]:format=file:_files'
        '--html[Write one page for a browser, with the code and the graph in it\: short for --report html=FILE.]:file:_files -g '\''*.html'\'''
        '--source-root[The folder that paths in reports for CI systems are relative to, and below which html and markdown read lines of the source; the current one if not given. If it is given, text shows lines too, and comments lockgraph\:ignore are read. text and json show paths as the trace has them.]:folder:_files -/'
        '--svg[Draw findings and their neighbourhood as SVG into a file.]:file:_files -g '\''*.svg'\'''
        '--dot[Write the same drawing as DOT into a file.]:file:_files -g '\''*.dot'\'''
        '--color[Colour in text\: auto, always or never.]:color:'
        '--schedule[Write the events of a predicted deadlock as a trace, in the order that ends in it; into a folder, a file FINGERPRINT.trace for each that is predicted.]:file:_files'
        '--finding[Of which finding, by its number in the report; the first that is predicted.]:number:'
        '--version[Show the version.]'
        '(-h --help)'{-h,--help}'[Show help information.]'
    )
    _arguments -w -s -S : "${arg_specs[@]}" && ret=0

    return "${ret}"
}

_lockdep-check_render() {
    local -i ret=1
    local -ar ___input_format=('text' 'jsonl' 'recording' 'graph' 'abseil' 'android' 'bitcoin' 'debugger' 'ftrace' 'go' 'go-deadlock' 'helgrind' 'innodb' 'javacore' 'jvm' 'kernel-log' 'lockdep' 'lockdep-chains' 'lttng' 'parking-lot' 'perf' 'postgresql' 'std' 'tracing-mutex' 'tsan')
    local -ar ___class_by=('init' 'first-use' 'lock')
    local -ar ___predict=('auto' 'always' 'never')
    local -ar ___format=('svg' 'dot' 'png' 'pdf')
    local -ar ___weight=('hold' 'contention')
    local -ar arg_specs=(
        '*:input:_files'
        '--input-format[Read the inputs as this format instead of recognising it\: text, jsonl, recording, graph, abseil, android, bitcoin, debugger, ftrace, go, go-deadlock, helgrind, innodb, javacore, jvm, kernel-log, lockdep, lockdep-chains, lttng, parking-lot, perf, postgresql, std, tracing-mutex, tsan.]:input-format:{__lockdep-check_complete "${___input_format[@]}"}'
        '--keep-going[Skip bad lines and report how many there were, instead of stopping at the first.]'
        '--show-system-locks[Show the locks of the loader and of allocators, which are left out of recordings.]'
        '--jobs[How many threads read the inputs; without it, as many as there are processors. The output is the same.]:number:'
        '(--quiet -q)'{--quiet,-q}'[Tell nothing but errors on standard error.]'
        '(--verbose -v)'{--verbose,-v}'[Tell of every input what it was read as.]'
        '--class-by[What makes locks a class where traces state none\: the place of their init, that of their first use, or nothing, each lock being its own. Graph files keep what they were merged with.]:init|first-use|lock:{__lockdep-check_complete "${___class_by[@]}"}'
        '--max-findings[How many lock-order inversions are listed; the rest is counted.]:max-findings:'
        '--predict[Look for potential deadlocks in other orders of the events\: auto, always (five times as long, and say of inputs that have no events to be put in order that it was not possible) or never.]:predict:{__lockdep-check_complete "${___predict[@]}"}'
        '--predict-memory[How much memory the events of an input may take for that; what takes more is not decided.]:MiB:'
        '(--output -o)'{--output,-o}'[Write the picture to a file; its extension is its format, .html a page around it.]:file:_files -g '\''*.svg *.dot *.png *.pdf *.html'\'''
        '--format[The format of the picture\: svg, dot, png or pdf.]:format:{__lockdep-check_complete "${___format[@]}"}'
        '--all[Draw all classes and dependencies.]'
        '--around[Draw this class and those around it.]:class:'
        '--depth[How many steps around the class.]:depth:'
        '--finding[Draw this finding alone, by its number in the report.]:n:'
        '--max-classes[Draw at most so many classes, from 4 to 1000; 48 if not given, 400 with --all.]:n:'
        '--kinds[Say at each order how locks were held and asked for (EN, ER, SN, SR), and lockdep'\''s characters for interrupts.]'
        '--weight[Make classes stand out by how long they were held or waited for\: hold or contention.]:weight:{__lockdep-check_complete "${___weight[@]}"}'
        '--source-root[The folder below which a page reads lines of the source; the current one if not given.]:folder:_files -/'
        '--version[Show the version.]'
        '(-h --help)'{-h,--help}'[Show help information.]'
    )
    _arguments -w -s -S : "${arg_specs[@]}" && ret=0

    return "${ret}"
}

_lockdep-check_stats() {
    local -i ret=1
    local -ar ___input_format=('text' 'jsonl' 'recording' 'graph' 'abseil' 'android' 'bitcoin' 'debugger' 'ftrace' 'go' 'go-deadlock' 'helgrind' 'innodb' 'javacore' 'jvm' 'kernel-log' 'lockdep' 'lockdep-chains' 'lttng' 'parking-lot' 'perf' 'postgresql' 'std' 'tracing-mutex' 'tsan')
    local -ar ___class_by=('init' 'first-use' 'lock')
    local -ar ___sort=('contentions' 'wait-total' 'wait-max' 'hold-total' 'hold-max' 'acquisitions' 'name')
    local -ar ___format=('table' 'json' 'csv')
    local -ar arg_specs=(
        '*:input:_files'
        '--input-format[Read the inputs as this format instead of recognising it\: text, jsonl, recording, graph, abseil, android, bitcoin, debugger, ftrace, go, go-deadlock, helgrind, innodb, javacore, jvm, kernel-log, lockdep, lockdep-chains, lttng, parking-lot, perf, postgresql, std, tracing-mutex, tsan.]:input-format:{__lockdep-check_complete "${___input_format[@]}"}'
        '--keep-going[Skip bad lines and report how many there were, instead of stopping at the first.]'
        '--show-system-locks[Show the locks of the loader and of allocators, which are left out of recordings.]'
        '--jobs[How many threads read the inputs; without it, as many as there are processors. The output is the same.]:number:'
        '(--quiet -q)'{--quiet,-q}'[Tell nothing but errors on standard error.]'
        '(--verbose -v)'{--verbose,-v}'[Tell of every input what it was read as.]'
        '--class-by[What makes locks a class where traces state none\: the place of their init, that of their first use, or nothing, each lock being its own. Graph files keep what they were merged with.]:init|first-use|lock:{__lockdep-check_complete "${___class_by[@]}"}'
        '--sort[The most first by\: contentions, wait-total, wait-max, hold-total, hold-max or acquisitions; or by name.]:order:{__lockdep-check_complete "${___sort[@]}"}'
        '--top[Only so many classes.]:top:'
        '--points[How many places of either sort to show for a class.]:points:'
        '--format[The format\: table, json or csv.]:format:{__lockdep-check_complete "${___format[@]}"}'
        '(--output -o)'{--output,-o}'[Write to a file instead of standard output.]:file:_files'
        '--version[Show the version.]'
        '(-h --help)'{-h,--help}'[Show help information.]'
    )
    _arguments -w -s -S : "${arg_specs[@]}" && ret=0

    return "${ret}"
}

_lockdep-check_convert() {
    local -i ret=1
    local -ar ___input_format=('text' 'jsonl' 'recording' 'graph' 'abseil' 'android' 'bitcoin' 'debugger' 'ftrace' 'go' 'go-deadlock' 'helgrind' 'innodb' 'javacore' 'jvm' 'kernel-log' 'lockdep' 'lockdep-chains' 'lttng' 'parking-lot' 'perf' 'postgresql' 'std' 'tracing-mutex' 'tsan')
    local -ar ___to=('text' 'jsonl')
    local -ar arg_specs=(
        '*:input:_files'
        '--input-format[Read the inputs as this format instead of recognising it\: text, jsonl, recording, graph, abseil, android, bitcoin, debugger, ftrace, go, go-deadlock, helgrind, innodb, javacore, jvm, kernel-log, lockdep, lockdep-chains, lttng, parking-lot, perf, postgresql, std, tracing-mutex, tsan.]:input-format:{__lockdep-check_complete "${___input_format[@]}"}'
        '--keep-going[Skip bad lines and report how many there were, instead of stopping at the first.]'
        '--show-system-locks[Show the locks of the loader and of allocators, which are left out of recordings.]'
        '--jobs[How many threads read the inputs; without it, as many as there are processors. The output is the same.]:number:'
        '(--quiet -q)'{--quiet,-q}'[Tell nothing but errors on standard error.]'
        '(--verbose -v)'{--verbose,-v}'[Tell of every input what it was read as.]'
        '--to[The encoding\: text, or jsonl for JSON Lines. Without it the ending of the output'\''s name decides, and else it is text.]:encoding:{__lockdep-check_complete "${___to[@]}"}'
        '(--output -o)'{--output,-o}'[Write to a file instead of standard output.]:file:_files -g '\''*.trace *.jsonl'\'''
        '--version[Show the version.]'
        '(-h --help)'{-h,--help}'[Show help information.]'
    )
    _arguments -w -s -S : "${arg_specs[@]}" && ret=0

    return "${ret}"
}

_lockdep-check_seal() {
    local -i ret=1
    local -ar arg_specs=(
        '*:file:_files'
        '(--quiet -q)'{--quiet,-q}'[Tell nothing but errors on standard error.]'
        '(--verbose -v)'{--verbose,-v}'[Tell of every input what it was read as.]'
        '--version[Show the version.]'
        '(-h --help)'{-h,--help}'[Show help information.]'
    )
    _arguments -w -s -S : "${arg_specs[@]}" && ret=0

    return "${ret}"
}

_lockdep-check_merge() {
    local -i ret=1
    local -ar ___input_format=('text' 'jsonl' 'recording' 'graph' 'abseil' 'android' 'bitcoin' 'debugger' 'ftrace' 'go' 'go-deadlock' 'helgrind' 'innodb' 'javacore' 'jvm' 'kernel-log' 'lockdep' 'lockdep-chains' 'lttng' 'parking-lot' 'perf' 'postgresql' 'std' 'tracing-mutex' 'tsan')
    local -ar ___class_by=('init' 'first-use' 'lock')
    local -ar ___predict=('auto' 'always' 'never')
    local -ar arg_specs=(
        '*:input:_files'
        '--input-format[Read the inputs as this format instead of recognising it\: text, jsonl, recording, graph, abseil, android, bitcoin, debugger, ftrace, go, go-deadlock, helgrind, innodb, javacore, jvm, kernel-log, lockdep, lockdep-chains, lttng, parking-lot, perf, postgresql, std, tracing-mutex, tsan.]:input-format:{__lockdep-check_complete "${___input_format[@]}"}'
        '--keep-going[Skip bad lines and report how many there were, instead of stopping at the first.]'
        '--show-system-locks[Show the locks of the loader and of allocators, which are left out of recordings.]'
        '--jobs[How many threads read the inputs; without it, as many as there are processors. The output is the same.]:number:'
        '(--quiet -q)'{--quiet,-q}'[Tell nothing but errors on standard error.]'
        '(--verbose -v)'{--verbose,-v}'[Tell of every input what it was read as.]'
        '--class-by[What makes locks a class where traces state none\: the place of their init, that of their first use, or nothing, each lock being its own. Graph files keep what they were merged with.]:init|first-use|lock:{__lockdep-check_complete "${___class_by[@]}"}'
        '--predict[Look for potential deadlocks in other orders of the events\: auto, always (five times as long, and say of inputs that have no events to be put in order that it was not possible) or never.]:predict:{__lockdep-check_complete "${___predict[@]}"}'
        '--predict-memory[How much memory the events of an input may take for that; what takes more is not decided.]:MiB:'
        '(--output -o)'{--output,-o}'[Write to a file instead of standard output.]:file:_files -g '\''*.graph'\'''
        '--version[Show the version.]'
        '(-h --help)'{-h,--help}'[Show help information.]'
    )
    _arguments -w -s -S : "${arg_specs[@]}" && ret=0

    return "${ret}"
}

_lockdep-check_diff() {
    local -i ret=1
    local -ar ___input_format=('text' 'jsonl' 'recording' 'graph' 'abseil' 'android' 'bitcoin' 'debugger' 'ftrace' 'go' 'go-deadlock' 'helgrind' 'innodb' 'javacore' 'jvm' 'kernel-log' 'lockdep' 'lockdep-chains' 'lttng' 'parking-lot' 'perf' 'postgresql' 'std' 'tracing-mutex' 'tsan')
    local -ar ___class_by=('init' 'first-use' 'lock')
    local -ar ___format=('text' 'json')
    local -ar arg_specs=(
        ':old:_files'
        ':new:_files'
        '--input-format[Read both as this format instead of recognising it.]:input-format:{__lockdep-check_complete "${___input_format[@]}"}'
        '--keep-going[Skip bad lines and report how many there were, instead of stopping at the first.]'
        '--jobs[How many threads read the inputs; without it, as many as there are processors. The output is the same.]:number:'
        '--max-findings[How many lock-order inversions of each are compared.]:max-findings:'
        '--class-by[What makes locks a class where traces state none\: the place of their init, that of their first use, or nothing, each lock being its own. Graph files keep what they were merged with.]:init|first-use|lock:{__lockdep-check_complete "${___class_by[@]}"}'
        '--fail-on-new-edges[Exit with status 1 if there are new dependencies.]'
        '--fail-on-new-findings[Exit with status 1 if there are new findings that are more than notes.]'
        '--format[The format\: text or json.]:format:{__lockdep-check_complete "${___format[@]}"}'
        '(--output -o)'{--output,-o}'[Write to a file instead of standard output.]:file:_files'
        '--svg[Draw the new graph as SVG into a file, with what is new marked.]:file:_files -g '\''*.svg'\'''
        '--color[Colour in text\: auto, always or never.]:color:'
        '(--quiet -q)'{--quiet,-q}'[Tell nothing but errors on standard error.]'
        '(--verbose -v)'{--verbose,-v}'[Tell of every input what it was read as.]'
        '--version[Show the version.]'
        '(-h --help)'{-h,--help}'[Show help information.]'
    )
    _arguments -w -s -S : "${arg_specs[@]}" && ret=0

    return "${ret}"
}

_lockdep-check_what-if() {
    local -i ret=1
    local -ar ___input_format=('text' 'jsonl' 'recording' 'graph' 'abseil' 'android' 'bitcoin' 'debugger' 'ftrace' 'go' 'go-deadlock' 'helgrind' 'innodb' 'javacore' 'jvm' 'kernel-log' 'lockdep' 'lockdep-chains' 'lttng' 'parking-lot' 'perf' 'postgresql' 'std' 'tracing-mutex' 'tsan')
    local -ar ___class_by=('init' 'first-use' 'lock')
    local -ar ___format=('text' 'json')
    local -ar arg_specs=(
        '*:input:_files'
        '--input-format[Read the inputs as this format instead of recognising it\: text, jsonl, recording, graph, abseil, android, bitcoin, debugger, ftrace, go, go-deadlock, helgrind, innodb, javacore, jvm, kernel-log, lockdep, lockdep-chains, lttng, parking-lot, perf, postgresql, std, tracing-mutex, tsan.]:input-format:{__lockdep-check_complete "${___input_format[@]}"}'
        '--keep-going[Skip bad lines and report how many there were, instead of stopping at the first.]'
        '--show-system-locks[Show the locks of the loader and of allocators, which are left out of recordings.]'
        '--jobs[How many threads read the inputs; without it, as many as there are processors. The output is the same.]:number:'
        '(--quiet -q)'{--quiet,-q}'[Tell nothing but errors on standard error.]'
        '(--verbose -v)'{--verbose,-v}'[Tell of every input what it was read as.]'
        '--class-by[What makes locks a class where traces state none\: the place of their init, that of their first use, or nothing, each lock being its own. Graph files keep what they were merged with.]:init|first-use|lock:{__lockdep-check_complete "${___class_by[@]}"}'
        '*--order[Wherever A was taken while B was held, it is taken before B. May be repeated.]:A before B:'
        '*--gate[A lock of its own is taken before the first of A and B, and given up after both. May be repeated.]:A and B:'
        '*--try[At this function or file\:line nobody waits for a lock, but tries. May be repeated.]:place:'
        '--max-findings[How many lock-order inversions of each side are compared.]:max-findings:'
        '--format[The format\: text or json.]:format:{__lockdep-check_complete "${___format[@]}"}'
        '(--output -o)'{--output,-o}'[Write to a file instead of standard output.]:file:_files'
        '--color[Colour in text\: auto, always or never.]:color:'
        '--version[Show the version.]'
        '(-h --help)'{-h,--help}'[Show help information.]'
    )
    _arguments -w -s -S : "${arg_specs[@]}" && ret=0

    return "${ret}"
}

_lockdep-check_policy() {
    local -i ret=1
    local -ar arg_specs=(
        '--version[Show the version.]'
        '(-h --help)'{-h,--help}'[Show help information.]'
        '(-): :->command'
        '(-)*:: :->arg'
    )
    _arguments -w -s -S : "${arg_specs[@]}" && ret=0
    case "${state}" in
    command)
        local -ar subcommands=(
            'check:Say what is wrong with a policy file, and where: exit status 2 if something is.'
            'infer:Propose an order of all classes that were seen, as a policy to be edited.'
        )
        _describe -V subcommand subcommands && ret=0
        ;;
    arg)
        case "${words[1]}" in
        check|infer)
            "_lockdep-check_policy_${words[1]}" && ret=0
            ;;
        esac
        ;;
    esac

    return "${ret}"
}

_lockdep-check_policy_check() {
    local -i ret=1
    local -ar arg_specs=(
        '*:file:_files -g '\''*.yml *.yaml'\'''
        '--version[Show the version.]'
        '(-h --help)'{-h,--help}'[Show help information.]'
    )
    _arguments -w -s -S : "${arg_specs[@]}" && ret=0

    return "${ret}"
}

_lockdep-check_policy_infer() {
    local -i ret=1
    local -ar ___input_format=('text' 'jsonl' 'recording' 'graph' 'abseil' 'android' 'bitcoin' 'debugger' 'ftrace' 'go' 'go-deadlock' 'helgrind' 'innodb' 'javacore' 'jvm' 'kernel-log' 'lockdep' 'lockdep-chains' 'lttng' 'parking-lot' 'perf' 'postgresql' 'std' 'tracing-mutex' 'tsan')
    local -ar arg_specs=(
        '*:input:_files'
        '--input-format[Read the inputs as this format instead of recognising it\: text, jsonl, recording, graph, abseil, android, bitcoin, debugger, ftrace, go, go-deadlock, helgrind, innodb, javacore, jvm, kernel-log, lockdep, lockdep-chains, lttng, parking-lot, perf, postgresql, std, tracing-mutex, tsan.]:input-format:{__lockdep-check_complete "${___input_format[@]}"}'
        '--keep-going[Skip bad lines and report how many there were, instead of stopping at the first.]'
        '--show-system-locks[Show the locks of the loader and of allocators, which are left out of recordings.]'
        '--jobs[How many threads read the inputs; without it, as many as there are processors. The output is the same.]:number:'
        '(--quiet -q)'{--quiet,-q}'[Tell nothing but errors on standard error.]'
        '(--verbose -v)'{--verbose,-v}'[Tell of every input what it was read as.]'
        '(--output -o)'{--output,-o}'[Write the policy to a file instead of standard output.]:file:_files -g '\''*.yml *.yaml'\'''
        '--version[Show the version.]'
        '(-h --help)'{-h,--help}'[Show help information.]'
    )
    _arguments -w -s -S : "${arg_specs[@]}" && ret=0

    return "${ret}"
}

_lockdep-check_explain() {
    local -i ret=1
    local -ar _name=('deadlock' 'lock-order-inversion' 'recursive-acquisition' 'context-inversion' 'context-order-inversion' 'invalid-wait-context' 'nest-not-held' 'release-not-held' 'held-at-exit' 'destroyed-while-held' 'lock-corrupted' 'assertion-failed' 'pin-violated' 'unbalanced-context' 'wait-while-holding' 'reference-count-misused' 'held-across-suspension' 'resumed-while-holding' 'declared-order' 'still-waiting' 'long-hold' 'long-wait' 'observed' 'predicted' 'feasible' 'ordering' 'excluded' 'baseline' 'class' 'context' 'cycle' 'derived-class' 'exclusive' 'fingerprint' 'fold' 'gate-lock' 'grade' 'instance' 'join' 'kinds' 'mode' 'nesting' 'nesting-level' 'open-wait' 'order' 'policy' 'pool' 'schedule' 'severity' 'standing' 'try' 'wait-type' 'witness')
    local -ar arg_specs=(
        '*:name:{__lockdep-check_complete "${_name[@]}"}'
        '--version[Show the version.]'
        '(-h --help)'{-h,--help}'[Show help information.]'
    )
    _arguments -w -s -S : "${arg_specs[@]}" && ret=0

    return "${ret}"
}

_lockdep-check_help() {
    local -i ret=1
    local -ar arg_specs=(
        '*:subcommands:'
        '--version[Show the version.]'
    )
    _arguments -w -s -S : "${arg_specs[@]}" && ret=0

    return "${ret}"
}

if [[ "${funcstack[1]}" = _lockdep-check ]]; then
    _lockdep-check "${@}"
else
    compdef _lockdep-check lockdep-check
fi
