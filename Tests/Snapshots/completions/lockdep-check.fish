function __lockdep-check_should_offer_completions_for_flags_or_options -a expected_commands
    set -l non_repeating_flags_or_options $argv[2..]
    set -l non_repeating_flags_or_options_absent 0
    set -l positional_index 0
    set -l commands
    __lockdep-check_parse_tokens
    test "$commands" = "$expected_commands"; and return $non_repeating_flags_or_options_absent
end

function __lockdep-check_should_offer_completions_for_positional -a expected_commands positional_index_comparison expected_positional_index
    set -l non_repeating_flags_or_options
    set -l non_repeating_flags_or_options_absent 0
    set -l positional_index 0
    set -l commands
    __lockdep-check_parse_tokens
    test "$commands" = "$expected_commands" -a \( "$positional_index" "$positional_index_comparison" "$expected_positional_index" \)
end

function __lockdep-check_parse_tokens -S
    set -l unparsed_tokens (__lockdep-check_tokens -pc)
    switch $unparsed_tokens[1]
    case 'lockdep-check'
        __lockdep-check_parse_subcommand 0 'version' 'h/help'
        switch $unparsed_tokens[1]
        case 'run'
            __lockdep-check_parse_subcommand -r 1 'trace=' 'level=' 'times' 'no-names' 'no-children' 'max-size=' 'hang-after=' 'timeout=' 'class-by=' 'max-findings=' 'show-system-locks' 'predict=' 'predict-memory=' 'fail-on=' 'fail-on-waits' 'rules=' 'policy=' 'baseline=' 'write-baseline=' 'today=' 'prune' 'allow-empty' 'min-events=' 'format=' 'o/output=' 'report=+' 'source-root=' 'svg=' 'dot=' 'color=' 'schedule=' 'finding=' 'error-exitcode=' 'q/quiet' 'v/verbose' 'version' 'h/help'
        case 'record'
            __lockdep-check_parse_subcommand -r 1 'o/output=' 'level=' 'times' 'no-names' 'no-children' 'max-size=' 'q/quiet' 'v/verbose' 'version' 'h/help'
        case 'hang'
            __lockdep-check_parse_subcommand -r 1 'exe=' 'sysroot=' 'stacks=' 'watch' 'format=' 'o/output=' 'report=+' 'source-root=' 'svg=' 'dot=' 'color=' 'q/quiet' 'v/verbose' 'version' 'h/help'
        case 'analyze'
            __lockdep-check_parse_subcommand -r 1 'input-format=' 'keep-going' 'show-system-locks' 'q/quiet' 'v/verbose' 'class-by=' 'max-findings=' 'predict=' 'predict-memory=' 'fail-on=' 'fail-on-waits' 'rules=' 'policy=' 'baseline=' 'write-baseline=' 'today=' 'format=' 'o/output=' 'report=+' 'source-root=' 'svg=' 'dot=' 'color=' 'schedule=' 'finding=' 'version' 'h/help'
        case 'gate'
            __lockdep-check_parse_subcommand -r 1 'input-format=' 'keep-going' 'show-system-locks' 'q/quiet' 'v/verbose' 'class-by=' 'max-findings=' 'predict=' 'predict-memory=' 'fail-on=' 'fail-on-waits' 'rules=' 'policy=' 'baseline=' 'write-baseline=' 'today=' 'prune' 'allow-empty' 'min-events=' 'format=' 'o/output=' 'report=+' 'source-root=' 'svg=' 'dot=' 'color=' 'schedule=' 'finding=' 'version' 'h/help'
        case 'render'
            __lockdep-check_parse_subcommand -r 1 'input-format=' 'keep-going' 'show-system-locks' 'q/quiet' 'v/verbose' 'class-by=' 'max-findings=' 'predict=' 'predict-memory=' 'o/output=' 'format=' 'all' 'around=' 'depth=' 'weight=' 'version' 'h/help'
        case 'stats'
            __lockdep-check_parse_subcommand -r 1 'input-format=' 'keep-going' 'show-system-locks' 'q/quiet' 'v/verbose' 'class-by=' 'sort=' 'top=' 'points=' 'format=' 'o/output=' 'version' 'h/help'
        case 'convert'
            __lockdep-check_parse_subcommand -r 1 'input-format=' 'keep-going' 'show-system-locks' 'q/quiet' 'v/verbose' 'to=' 'o/output=' 'version' 'h/help'
        case 'seal'
            __lockdep-check_parse_subcommand -r 1 'q/quiet' 'v/verbose' 'version' 'h/help'
        case 'merge'
            __lockdep-check_parse_subcommand -r 1 'input-format=' 'keep-going' 'show-system-locks' 'q/quiet' 'v/verbose' 'class-by=' 'o/output=' 'version' 'h/help'
        case 'diff'
            __lockdep-check_parse_subcommand 2 'input-format=' 'keep-going' 'max-findings=' 'class-by=' 'fail-on-new-edges' 'fail-on-new-findings' 'format=' 'o/output=' 'svg=' 'color=' 'q/quiet' 'v/verbose' 'version' 'h/help'
        case 'policy'
            __lockdep-check_parse_subcommand 0 'version' 'h/help'
            switch $unparsed_tokens[1]
            case 'check'
                __lockdep-check_parse_subcommand -r 1 'version' 'h/help'
            case 'infer'
                __lockdep-check_parse_subcommand -r 1 'input-format=' 'keep-going' 'show-system-locks' 'q/quiet' 'v/verbose' 'o/output=' 'version' 'h/help'
            end
        case 'explain'
            __lockdep-check_parse_subcommand 1 'version' 'h/help'
        case 'help'
            __lockdep-check_parse_subcommand -r 1 'version'
        end
    end
end

function __lockdep-check_tokens
    if test (string split -m 1 -f 1 -- . "$FISH_VERSION") -gt 3
        commandline --tokens-raw $argv
    else
        commandline -o $argv
    end
end

function __lockdep-check_parse_subcommand -S -a positional_count
    argparse -s r -- $argv
    set -l option_specs $argv[2..]
    set -l is_repeating_positional $_flag_r
    set -el _flag_r
    set -a commands $unparsed_tokens[1]
    set positional_index 0
    while true
        set -e unparsed_tokens[1]
        argparse -sn "$commands" $option_specs -- $unparsed_tokens 2> /dev/null
        set unparsed_tokens $argv
        set positional_index (math $positional_index + 1)
        for non_repeating_flag_or_option in $non_repeating_flags_or_options
            if set -ql "_flag_$(string replace -a - _ -- $non_repeating_flag_or_option)"
                set non_repeating_flags_or_options_absent 1
                break
            end
        end
        test (count $unparsed_tokens) -eq 0 -o \( -z "$is_repeating_positional" -a "$positional_index" -gt "$positional_count" \) && break
    end
end

function __lockdep-check_complete_directories
    set -l token (commandline -t)
    string match -- '*/' $token
    set -l subdirs $token*/
    printf %s\n $subdirs
end

function __lockdep-check_custom_completion
    set -x SAP_SHELL fish
    set -x SAP_SHELL_VERSION $FISH_VERSION
    set -l tokens (__lockdep-check_tokens -p)
    if test -z "$(__lockdep-check_tokens -t)"
        set -l index (count (__lockdep-check_tokens -pc))
        set tokens $tokens[..$index] \'\' $tokens[(math $index + 1)..]
    end
    command $tokens[1] $argv $tokens
end

complete -c 'lockdep-check' -f
complete -c 'lockdep-check' -n '__lockdep-check_should_offer_completions_for_flags_or_options "lockdep-check" version' -l 'version' -d 'Show the version.'
complete -c 'lockdep-check' -n '__lockdep-check_should_offer_completions_for_flags_or_options "lockdep-check" h help' -s 'h' -l 'help' -d 'Show help information.'
complete -c 'lockdep-check' -n '__lockdep-check_should_offer_completions_for_positional "lockdep-check" -eq 1' -fa 'run' -d 'Run a program as it is, and judge how its threads took locks.'
complete -c 'lockdep-check' -n '__lockdep-check_should_offer_completions_for_positional "lockdep-check" -eq 1' -fa 'record' -d 'Run a program as it is, and record what its threads do with locks.'
complete -c 'lockdep-check' -n '__lockdep-check_should_offer_completions_for_positional "lockdep-check" -eq 1' -fa 'hang' -d 'Tell why a process or core file hangs: who waits for what, and who has it.'
complete -c 'lockdep-check' -n '__lockdep-check_should_offer_completions_for_positional "lockdep-check" -eq 1' -fa 'analyze' -d 'Find violations and describe them; succeeds whatever it finds.'
complete -c 'lockdep-check' -n '__lockdep-check_should_offer_completions_for_positional "lockdep-check" -eq 1' -fa 'gate' -d 'The same as a verdict: exit status 1 if there are violations.'
complete -c 'lockdep-check' -n '__lockdep-check_should_offer_completions_for_positional "lockdep-check" -eq 1' -fa 'render' -d 'Draw the lock-order graph through Graphviz.'
complete -c 'lockdep-check' -n '__lockdep-check_should_offer_completions_for_positional "lockdep-check" -eq 1' -fa 'stats' -d 'Show contention, wait and hold times of each lock class, as /proc/lock_stat does.'
complete -c 'lockdep-check' -n '__lockdep-check_should_offer_completions_for_positional "lockdep-check" -eq 1' -fa 'convert' -d 'Write traces of any format in another encoding.'
complete -c 'lockdep-check' -n '__lockdep-check_should_offer_completions_for_positional "lockdep-check" -eq 1' -fa 'seal' -d 'Name the functions, places and locks of recordings whose program was killed.'
complete -c 'lockdep-check' -n '__lockdep-check_should_offer_completions_for_positional "lockdep-check" -eq 1' -fa 'merge' -d 'Fold traces and graph files into one graph file.'
complete -c 'lockdep-check' -n '__lockdep-check_should_offer_completions_for_positional "lockdep-check" -eq 1' -fa 'diff' -d 'Show what one graph has and another has not: classes, dependencies, findings.'
complete -c 'lockdep-check' -n '__lockdep-check_should_offer_completions_for_positional "lockdep-check" -eq 1' -fa 'policy' -d 'Check a policy file, or propose one from what was seen.'
complete -c 'lockdep-check' -n '__lockdep-check_should_offer_completions_for_positional "lockdep-check" -eq 1' -fa 'explain' -d 'What a rule means, with an example.'
complete -c 'lockdep-check' -n '__lockdep-check_should_offer_completions_for_positional "lockdep-check" -eq 1' -fa 'help' -d 'Show subcommand help information.'
complete -c 'lockdep-check' -n '__lockdep-check_should_offer_completions_for_flags_or_options "lockdep-check run" trace' -l 'trace' -d 'Keep the traces: FILE.lgt, with those of children beside it, or a folder.' -rfa '(for p in (string match -e -- \'*/\' (commandline -t);or printf \n)*.\'lgt\';printf %s\n $p;end;__fish_complete_directories (commandline -t) \'\')'
complete -c 'lockdep-check' -n '__lockdep-check_should_offer_completions_for_flags_or_options "lockdep-check run" level' -l 'level' -d 'How much is recorded: orders keeps each order of locks once, for runs of days; shapes each shape of nested sections a few times; all every acquisition.' -rfka 'orders shapes all'
complete -c 'lockdep-check' -n '__lockdep-check_should_offer_completions_for_flags_or_options "lockdep-check run" times' -l 'times' -d 'Record when each event was, which takes longer, for stats.'
complete -c 'lockdep-check' -n '__lockdep-check_should_offer_completions_for_flags_or_options "lockdep-check run" no-names' -l 'no-names' -d 'Keep no parts of the program\'s stack, by which locks of the heap get their names.'
complete -c 'lockdep-check' -n '__lockdep-check_should_offer_completions_for_flags_or_options "lockdep-check run" no-children' -l 'no-children' -d 'Record the command\'s own process alone, and none that it starts.'
complete -c 'lockdep-check' -n '__lockdep-check_should_offer_completions_for_flags_or_options "lockdep-check run" max-size' -l 'max-size' -d 'How long the trace of a process gets at most, as 500M or 2G; what comes then is counted.' -rfka ''
complete -c 'lockdep-check' -n '__lockdep-check_should_offer_completions_for_flags_or_options "lockdep-check run" hang-after' -l 'hang-after' -d 'Explain what hangs if threads have waited so long for locks; 0 never does. 10 on a terminal, else 60.' -rfka ''
complete -c 'lockdep-check' -n '__lockdep-check_should_offer_completions_for_flags_or_options "lockdep-check run" timeout' -l 'timeout' -d 'End the command if it runs longer, with SIGTERM and 5 seconds later with SIGKILL.' -rfka ''
complete -c 'lockdep-check' -n '__lockdep-check_should_offer_completions_for_flags_or_options "lockdep-check run" class-by' -l 'class-by' -d 'What makes locks a class where traces state none: the place of their init, that of their first use, or nothing, each lock being its own. Graph files keep what they were merged with.' -rfka 'init first-use lock'
complete -c 'lockdep-check' -n '__lockdep-check_should_offer_completions_for_flags_or_options "lockdep-check run" max-findings' -l 'max-findings' -d 'How many lock-order inversions are listed; the rest is counted.' -rfka ''
complete -c 'lockdep-check' -n '__lockdep-check_should_offer_completions_for_flags_or_options "lockdep-check run" show-system-locks' -l 'show-system-locks' -d 'Show the locks of the loader and of allocators, which are left out otherwise.'
complete -c 'lockdep-check' -n '__lockdep-check_should_offer_completions_for_flags_or_options "lockdep-check run" predict' -l 'predict' -d 'Look for potential deadlocks in other orders of the events: auto (for inputs that can be read twice), always (and say of others that it was not possible) or never.' -rfka 'auto always never'
complete -c 'lockdep-check' -n '__lockdep-check_should_offer_completions_for_flags_or_options "lockdep-check run" predict-memory' -l 'predict-memory' -d 'How much memory the events of an input may take for that; what takes more is not decided.' -rfka ''
complete -c 'lockdep-check' -n '__lockdep-check_should_offer_completions_for_flags_or_options "lockdep-check run" fail-on' -l 'fail-on' -d 'The least certain deadlock that fails a gate: observed, predicted, feasible, ordering or excluded. It goes before what the policy says; without either, ordering.' -rfka 'observed predicted feasible ordering excluded'
complete -c 'lockdep-check' -n '__lockdep-check_should_offer_completions_for_flags_or_options "lockdep-check run" fail-on-waits' -l 'fail-on-waits' -d 'Make violations of what still waits where the inputs end, as rule still-waiting. A recording that was cut off has some.'
complete -c 'lockdep-check' -n '__lockdep-check_should_offer_completions_for_flags_or_options "lockdep-check run" rules' -l 'rules' -d 'Look for these rules only, separated by commas.' -rfka ''
complete -c 'lockdep-check' -n '__lockdep-check_should_offer_completions_for_flags_or_options "lockdep-check run" policy' -l 'policy' -d 'Declared orders, ignores and grades. A gate uses .lockgraph.yml where it runs, if there is one; none uses no policy.' -rfa '(set -l exts \'yml\' \'yaml\';for p in (string match -e -- \'*/\' (commandline -t);or printf \n)*.{$exts};printf %s\n $p;end;__fish_complete_directories (commandline -t) \'\')'
complete -c 'lockdep-check' -n '__lockdep-check_should_offer_completions_for_flags_or_options "lockdep-check run" baseline' -l 'baseline' -d 'Let findings through that this file records, and tell which are gone.' -rfa '(for p in (string match -e -- \'*/\' (commandline -t);or printf \n)*.\'json\';printf %s\n $p;end;__fish_complete_directories (commandline -t) \'\')'
complete -c 'lockdep-check' -n '__lockdep-check_should_offer_completions_for_flags_or_options "lockdep-check run" write-baseline' -l 'write-baseline' -d 'Record everything that would fail in this file, and succeed. Reasons, owners and days of expiry of findings that stay are kept.' -rfa '(for p in (string match -e -- \'*/\' (commandline -t);or printf \n)*.\'json\';printf %s\n $p;end;__fish_complete_directories (commandline -t) \'\')'
complete -c 'lockdep-check' -n '__lockdep-check_should_offer_completions_for_flags_or_options "lockdep-check run" today' -l 'today' -d 'The day on which exceptions hold or have expired, as YYYY-MM-DD; SOURCE_DATE_EPOCH, or today.' -rfka ''
complete -c 'lockdep-check' -n '__lockdep-check_should_offer_completions_for_flags_or_options "lockdep-check run" prune' -l 'prune' -d 'Take findings that are gone out of the file of --baseline.'
complete -c 'lockdep-check' -n '__lockdep-check_should_offer_completions_for_flags_or_options "lockdep-check run" allow-empty' -l 'allow-empty' -d 'Let inputs without any events pass.'
complete -c 'lockdep-check' -n '__lockdep-check_should_offer_completions_for_flags_or_options "lockdep-check run" min-events' -l 'min-events' -d 'Let inputs pass only if they have so many events in all, since a recording can be cut off.' -rfka ''
complete -c 'lockdep-check' -n '__lockdep-check_should_offer_completions_for_flags_or_options "lockdep-check run" format' -l 'format' -d 'The format of the report: text, json, sarif, junit, github, gitlab, markdown.' -rfka 'text json sarif junit github gitlab markdown'
complete -c 'lockdep-check' -n '__lockdep-check_should_offer_completions_for_flags_or_options "lockdep-check run" o output' -l 'output' -s 'o' -d 'Write the report to a file instead of standard output.' -rF
complete -c 'lockdep-check' -n '__lockdep-check_should_offer_completions_for_flags_or_options "lockdep-check run"' -l 'report' -d 'Write another report of the same run into a file, as sarif=out.sarif; may be repeated.' -rF
complete -c 'lockdep-check' -n '__lockdep-check_should_offer_completions_for_flags_or_options "lockdep-check run" source-root' -l 'source-root' -d 'The folder that paths in reports for CI systems are relative to; the current one if not given. text and json show them as the trace has them.' -rfa '(__lockdep-check_complete_directories)'
complete -c 'lockdep-check' -n '__lockdep-check_should_offer_completions_for_flags_or_options "lockdep-check run" svg' -l 'svg' -d 'Draw findings and their neighbourhood as SVG into a file.' -rfa '(for p in (string match -e -- \'*/\' (commandline -t);or printf \n)*.\'svg\';printf %s\n $p;end;__fish_complete_directories (commandline -t) \'\')'
complete -c 'lockdep-check' -n '__lockdep-check_should_offer_completions_for_flags_or_options "lockdep-check run" dot' -l 'dot' -d 'Write the same drawing as DOT into a file.' -rfa '(for p in (string match -e -- \'*/\' (commandline -t);or printf \n)*.\'dot\';printf %s\n $p;end;__fish_complete_directories (commandline -t) \'\')'
complete -c 'lockdep-check' -n '__lockdep-check_should_offer_completions_for_flags_or_options "lockdep-check run" color' -l 'color' -d 'Colour in text: auto, always or never.' -rfka ''
complete -c 'lockdep-check' -n '__lockdep-check_should_offer_completions_for_flags_or_options "lockdep-check run" schedule' -l 'schedule' -d 'Write the events of a predicted deadlock as a trace, in the order that ends in it.' -rF
complete -c 'lockdep-check' -n '__lockdep-check_should_offer_completions_for_flags_or_options "lockdep-check run" finding' -l 'finding' -d 'Of which finding, by its number in the report; the first that is predicted.' -rfka ''
complete -c 'lockdep-check' -n '__lockdep-check_should_offer_completions_for_flags_or_options "lockdep-check run" error-exitcode' -l 'error-exitcode' -d 'The exit status if there are violations, instead of 1.' -rfka ''
complete -c 'lockdep-check' -n '__lockdep-check_should_offer_completions_for_flags_or_options "lockdep-check run" q quiet' -l 'quiet' -s 'q' -d 'Tell nothing but errors on standard error.'
complete -c 'lockdep-check' -n '__lockdep-check_should_offer_completions_for_flags_or_options "lockdep-check run" v verbose' -l 'verbose' -s 'v' -d 'Tell of every input what it was read as.'
complete -c 'lockdep-check' -n '__lockdep-check_should_offer_completions_for_flags_or_options "lockdep-check run" version' -l 'version' -d 'Show the version.'
complete -c 'lockdep-check' -n '__lockdep-check_should_offer_completions_for_flags_or_options "lockdep-check run" h help' -s 'h' -l 'help' -d 'Show help information.'
complete -c 'lockdep-check' -n '__lockdep-check_should_offer_completions_for_flags_or_options "lockdep-check record" o output' -l 'output' -s 'o' -d 'Where the traces go: FILE.lgt for the command\'s own process, with those of its children beside it, or a folder. Without it they go to NAME.lockgraph, in place of those of an earlier recording.' -rfa '(for p in (string match -e -- \'*/\' (commandline -t);or printf \n)*.\'lgt\';printf %s\n $p;end;__fish_complete_directories (commandline -t) \'\')'
complete -c 'lockdep-check' -n '__lockdep-check_should_offer_completions_for_flags_or_options "lockdep-check record" level' -l 'level' -d 'How much is recorded: orders keeps each order of locks once, for runs of days; shapes each shape of nested sections a few times; all every acquisition.' -rfka 'orders shapes all'
complete -c 'lockdep-check' -n '__lockdep-check_should_offer_completions_for_flags_or_options "lockdep-check record" times' -l 'times' -d 'Record when each event was, which takes longer, for stats.'
complete -c 'lockdep-check' -n '__lockdep-check_should_offer_completions_for_flags_or_options "lockdep-check record" no-names' -l 'no-names' -d 'Keep no parts of the program\'s stack, by which locks of the heap get their names.'
complete -c 'lockdep-check' -n '__lockdep-check_should_offer_completions_for_flags_or_options "lockdep-check record" no-children' -l 'no-children' -d 'Record the command\'s own process alone, and none that it starts.'
complete -c 'lockdep-check' -n '__lockdep-check_should_offer_completions_for_flags_or_options "lockdep-check record" max-size' -l 'max-size' -d 'How long the trace of a process gets at most, as 500M or 2G; what comes then is counted.' -rfka ''
complete -c 'lockdep-check' -n '__lockdep-check_should_offer_completions_for_flags_or_options "lockdep-check record" q quiet' -l 'quiet' -s 'q' -d 'Tell nothing but errors on standard error.'
complete -c 'lockdep-check' -n '__lockdep-check_should_offer_completions_for_flags_or_options "lockdep-check record" v verbose' -l 'verbose' -s 'v' -d 'Tell of every input what it was read as.'
complete -c 'lockdep-check' -n '__lockdep-check_should_offer_completions_for_flags_or_options "lockdep-check record" version' -l 'version' -d 'Show the version.'
complete -c 'lockdep-check' -n '__lockdep-check_should_offer_completions_for_flags_or_options "lockdep-check record" h help' -s 'h' -l 'help' -d 'Show help information.'
complete -c 'lockdep-check' -n '__lockdep-check_should_offer_completions_for_positional "lockdep-check hang" -ge 1' -F
complete -c 'lockdep-check' -n '__lockdep-check_should_offer_completions_for_flags_or_options "lockdep-check hang" exe' -l 'exe' -d 'The program of the core file, if it has moved.' -rF
complete -c 'lockdep-check' -n '__lockdep-check_should_offer_completions_for_flags_or_options "lockdep-check hang" sysroot' -l 'sysroot' -d 'The folder below which the core file\'s program and libraries are.' -rfa '(__lockdep-check_complete_directories)'
complete -c 'lockdep-check' -n '__lockdep-check_should_offer_completions_for_flags_or_options "lockdep-check hang" stacks' -l 'stacks' -d 'Functions of threads: auto, without stopping any; always, which stops running threads for some microseconds to see whether they spin for a lock; never.' -rfka 'auto always never'
complete -c 'lockdep-check' -n '__lockdep-check_should_offer_completions_for_flags_or_options "lockdep-check hang" watch' -l 'watch' -d 'Look once a second until something hangs, or the processes have ended.'
complete -c 'lockdep-check' -n '__lockdep-check_should_offer_completions_for_flags_or_options "lockdep-check hang" format' -l 'format' -d 'The format of the report: text, json, sarif, junit, github, gitlab, markdown.' -rfka 'text json sarif junit github gitlab markdown'
complete -c 'lockdep-check' -n '__lockdep-check_should_offer_completions_for_flags_or_options "lockdep-check hang" o output' -l 'output' -s 'o' -d 'Write the report to a file instead of standard output.' -rF
complete -c 'lockdep-check' -n '__lockdep-check_should_offer_completions_for_flags_or_options "lockdep-check hang"' -l 'report' -d 'Write another report of the same run into a file, as sarif=out.sarif; may be repeated.' -rF
complete -c 'lockdep-check' -n '__lockdep-check_should_offer_completions_for_flags_or_options "lockdep-check hang" source-root' -l 'source-root' -d 'The folder that paths in reports for CI systems are relative to; the current one if not given. text and json show them as the trace has them.' -rfa '(__lockdep-check_complete_directories)'
complete -c 'lockdep-check' -n '__lockdep-check_should_offer_completions_for_flags_or_options "lockdep-check hang" svg' -l 'svg' -d 'Draw findings and their neighbourhood as SVG into a file.' -rfa '(for p in (string match -e -- \'*/\' (commandline -t);or printf \n)*.\'svg\';printf %s\n $p;end;__fish_complete_directories (commandline -t) \'\')'
complete -c 'lockdep-check' -n '__lockdep-check_should_offer_completions_for_flags_or_options "lockdep-check hang" dot' -l 'dot' -d 'Write the same drawing as DOT into a file.' -rfa '(for p in (string match -e -- \'*/\' (commandline -t);or printf \n)*.\'dot\';printf %s\n $p;end;__fish_complete_directories (commandline -t) \'\')'
complete -c 'lockdep-check' -n '__lockdep-check_should_offer_completions_for_flags_or_options "lockdep-check hang" color' -l 'color' -d 'Colour in text: auto, always or never.' -rfka ''
complete -c 'lockdep-check' -n '__lockdep-check_should_offer_completions_for_flags_or_options "lockdep-check hang" q quiet' -l 'quiet' -s 'q' -d 'Tell nothing but errors on standard error.'
complete -c 'lockdep-check' -n '__lockdep-check_should_offer_completions_for_flags_or_options "lockdep-check hang" v verbose' -l 'verbose' -s 'v' -d 'Tell of every input what it was read as.'
complete -c 'lockdep-check' -n '__lockdep-check_should_offer_completions_for_flags_or_options "lockdep-check hang" version' -l 'version' -d 'Show the version.'
complete -c 'lockdep-check' -n '__lockdep-check_should_offer_completions_for_flags_or_options "lockdep-check hang" h help' -s 'h' -l 'help' -d 'Show help information.'
complete -c 'lockdep-check' -n '__lockdep-check_should_offer_completions_for_positional "lockdep-check analyze" -ge 1' -F
complete -c 'lockdep-check' -n '__lockdep-check_should_offer_completions_for_flags_or_options "lockdep-check analyze" input-format' -l 'input-format' -d 'Read the inputs as this format instead of recognising it: text, ftrace, jsonl, std, lttng, perf, lockdep, lockdep-chains, kernel-log, recording, graph.' -rfka 'text ftrace jsonl std lttng perf lockdep lockdep-chains kernel-log recording graph'
complete -c 'lockdep-check' -n '__lockdep-check_should_offer_completions_for_flags_or_options "lockdep-check analyze" keep-going' -l 'keep-going' -d 'Skip bad lines and report how many there were, instead of stopping at the first.'
complete -c 'lockdep-check' -n '__lockdep-check_should_offer_completions_for_flags_or_options "lockdep-check analyze" show-system-locks' -l 'show-system-locks' -d 'Show the locks of the loader and of allocators, which are left out of recordings.'
complete -c 'lockdep-check' -n '__lockdep-check_should_offer_completions_for_flags_or_options "lockdep-check analyze" q quiet' -l 'quiet' -s 'q' -d 'Tell nothing but errors on standard error.'
complete -c 'lockdep-check' -n '__lockdep-check_should_offer_completions_for_flags_or_options "lockdep-check analyze" v verbose' -l 'verbose' -s 'v' -d 'Tell of every input what it was read as.'
complete -c 'lockdep-check' -n '__lockdep-check_should_offer_completions_for_flags_or_options "lockdep-check analyze" class-by' -l 'class-by' -d 'What makes locks a class where traces state none: the place of their init, that of their first use, or nothing, each lock being its own. Graph files keep what they were merged with.' -rfka 'init first-use lock'
complete -c 'lockdep-check' -n '__lockdep-check_should_offer_completions_for_flags_or_options "lockdep-check analyze" max-findings' -l 'max-findings' -d 'How many lock-order inversions are listed; the rest is counted.' -rfka ''
complete -c 'lockdep-check' -n '__lockdep-check_should_offer_completions_for_flags_or_options "lockdep-check analyze" predict' -l 'predict' -d 'Look for potential deadlocks in other orders of the events: auto (for inputs that can be read twice), always (and say of others that it was not possible) or never.' -rfka 'auto always never'
complete -c 'lockdep-check' -n '__lockdep-check_should_offer_completions_for_flags_or_options "lockdep-check analyze" predict-memory' -l 'predict-memory' -d 'How much memory the events of an input may take for that; what takes more is not decided.' -rfka ''
complete -c 'lockdep-check' -n '__lockdep-check_should_offer_completions_for_flags_or_options "lockdep-check analyze" fail-on' -l 'fail-on' -d 'The least certain deadlock that fails a gate: observed, predicted, feasible, ordering or excluded. It goes before what the policy says; without either, ordering.' -rfka 'observed predicted feasible ordering excluded'
complete -c 'lockdep-check' -n '__lockdep-check_should_offer_completions_for_flags_or_options "lockdep-check analyze" fail-on-waits' -l 'fail-on-waits' -d 'Make violations of what still waits where the inputs end, as rule still-waiting. A recording that was cut off has some.'
complete -c 'lockdep-check' -n '__lockdep-check_should_offer_completions_for_flags_or_options "lockdep-check analyze" rules' -l 'rules' -d 'Look for these rules only, separated by commas.' -rfka ''
complete -c 'lockdep-check' -n '__lockdep-check_should_offer_completions_for_flags_or_options "lockdep-check analyze" policy' -l 'policy' -d 'Declared orders, ignores and grades. A gate uses .lockgraph.yml where it runs, if there is one; none uses no policy.' -rfa '(set -l exts \'yml\' \'yaml\';for p in (string match -e -- \'*/\' (commandline -t);or printf \n)*.{$exts};printf %s\n $p;end;__fish_complete_directories (commandline -t) \'\')'
complete -c 'lockdep-check' -n '__lockdep-check_should_offer_completions_for_flags_or_options "lockdep-check analyze" baseline' -l 'baseline' -d 'Let findings through that this file records, and tell which are gone.' -rfa '(for p in (string match -e -- \'*/\' (commandline -t);or printf \n)*.\'json\';printf %s\n $p;end;__fish_complete_directories (commandline -t) \'\')'
complete -c 'lockdep-check' -n '__lockdep-check_should_offer_completions_for_flags_or_options "lockdep-check analyze" write-baseline' -l 'write-baseline' -d 'Record everything that would fail in this file, and succeed. Reasons, owners and days of expiry of findings that stay are kept.' -rfa '(for p in (string match -e -- \'*/\' (commandline -t);or printf \n)*.\'json\';printf %s\n $p;end;__fish_complete_directories (commandline -t) \'\')'
complete -c 'lockdep-check' -n '__lockdep-check_should_offer_completions_for_flags_or_options "lockdep-check analyze" today' -l 'today' -d 'The day on which exceptions hold or have expired, as YYYY-MM-DD; SOURCE_DATE_EPOCH, or today.' -rfka ''
complete -c 'lockdep-check' -n '__lockdep-check_should_offer_completions_for_flags_or_options "lockdep-check analyze" format' -l 'format' -d 'The format of the report: text, json, sarif, junit, github, gitlab, markdown.' -rfka 'text json sarif junit github gitlab markdown'
complete -c 'lockdep-check' -n '__lockdep-check_should_offer_completions_for_flags_or_options "lockdep-check analyze" o output' -l 'output' -s 'o' -d 'Write the report to a file instead of standard output.' -rF
complete -c 'lockdep-check' -n '__lockdep-check_should_offer_completions_for_flags_or_options "lockdep-check analyze"' -l 'report' -d 'Write another report of the same run into a file, as sarif=out.sarif; may be repeated.' -rF
complete -c 'lockdep-check' -n '__lockdep-check_should_offer_completions_for_flags_or_options "lockdep-check analyze" source-root' -l 'source-root' -d 'The folder that paths in reports for CI systems are relative to; the current one if not given. text and json show them as the trace has them.' -rfa '(__lockdep-check_complete_directories)'
complete -c 'lockdep-check' -n '__lockdep-check_should_offer_completions_for_flags_or_options "lockdep-check analyze" svg' -l 'svg' -d 'Draw findings and their neighbourhood as SVG into a file.' -rfa '(for p in (string match -e -- \'*/\' (commandline -t);or printf \n)*.\'svg\';printf %s\n $p;end;__fish_complete_directories (commandline -t) \'\')'
complete -c 'lockdep-check' -n '__lockdep-check_should_offer_completions_for_flags_or_options "lockdep-check analyze" dot' -l 'dot' -d 'Write the same drawing as DOT into a file.' -rfa '(for p in (string match -e -- \'*/\' (commandline -t);or printf \n)*.\'dot\';printf %s\n $p;end;__fish_complete_directories (commandline -t) \'\')'
complete -c 'lockdep-check' -n '__lockdep-check_should_offer_completions_for_flags_or_options "lockdep-check analyze" color' -l 'color' -d 'Colour in text: auto, always or never.' -rfka ''
complete -c 'lockdep-check' -n '__lockdep-check_should_offer_completions_for_flags_or_options "lockdep-check analyze" schedule' -l 'schedule' -d 'Write the events of a predicted deadlock as a trace, in the order that ends in it.' -rF
complete -c 'lockdep-check' -n '__lockdep-check_should_offer_completions_for_flags_or_options "lockdep-check analyze" finding' -l 'finding' -d 'Of which finding, by its number in the report; the first that is predicted.' -rfka ''
complete -c 'lockdep-check' -n '__lockdep-check_should_offer_completions_for_flags_or_options "lockdep-check analyze" version' -l 'version' -d 'Show the version.'
complete -c 'lockdep-check' -n '__lockdep-check_should_offer_completions_for_flags_or_options "lockdep-check analyze" h help' -s 'h' -l 'help' -d 'Show help information.'
complete -c 'lockdep-check' -n '__lockdep-check_should_offer_completions_for_positional "lockdep-check gate" -ge 1' -F
complete -c 'lockdep-check' -n '__lockdep-check_should_offer_completions_for_flags_or_options "lockdep-check gate" input-format' -l 'input-format' -d 'Read the inputs as this format instead of recognising it: text, ftrace, jsonl, std, lttng, perf, lockdep, lockdep-chains, kernel-log, recording, graph.' -rfka 'text ftrace jsonl std lttng perf lockdep lockdep-chains kernel-log recording graph'
complete -c 'lockdep-check' -n '__lockdep-check_should_offer_completions_for_flags_or_options "lockdep-check gate" keep-going' -l 'keep-going' -d 'Skip bad lines and report how many there were, instead of stopping at the first.'
complete -c 'lockdep-check' -n '__lockdep-check_should_offer_completions_for_flags_or_options "lockdep-check gate" show-system-locks' -l 'show-system-locks' -d 'Show the locks of the loader and of allocators, which are left out of recordings.'
complete -c 'lockdep-check' -n '__lockdep-check_should_offer_completions_for_flags_or_options "lockdep-check gate" q quiet' -l 'quiet' -s 'q' -d 'Tell nothing but errors on standard error.'
complete -c 'lockdep-check' -n '__lockdep-check_should_offer_completions_for_flags_or_options "lockdep-check gate" v verbose' -l 'verbose' -s 'v' -d 'Tell of every input what it was read as.'
complete -c 'lockdep-check' -n '__lockdep-check_should_offer_completions_for_flags_or_options "lockdep-check gate" class-by' -l 'class-by' -d 'What makes locks a class where traces state none: the place of their init, that of their first use, or nothing, each lock being its own. Graph files keep what they were merged with.' -rfka 'init first-use lock'
complete -c 'lockdep-check' -n '__lockdep-check_should_offer_completions_for_flags_or_options "lockdep-check gate" max-findings' -l 'max-findings' -d 'How many lock-order inversions are listed; the rest is counted.' -rfka ''
complete -c 'lockdep-check' -n '__lockdep-check_should_offer_completions_for_flags_or_options "lockdep-check gate" predict' -l 'predict' -d 'Look for potential deadlocks in other orders of the events: auto (for inputs that can be read twice), always (and say of others that it was not possible) or never.' -rfka 'auto always never'
complete -c 'lockdep-check' -n '__lockdep-check_should_offer_completions_for_flags_or_options "lockdep-check gate" predict-memory' -l 'predict-memory' -d 'How much memory the events of an input may take for that; what takes more is not decided.' -rfka ''
complete -c 'lockdep-check' -n '__lockdep-check_should_offer_completions_for_flags_or_options "lockdep-check gate" fail-on' -l 'fail-on' -d 'The least certain deadlock that fails a gate: observed, predicted, feasible, ordering or excluded. It goes before what the policy says; without either, ordering.' -rfka 'observed predicted feasible ordering excluded'
complete -c 'lockdep-check' -n '__lockdep-check_should_offer_completions_for_flags_or_options "lockdep-check gate" fail-on-waits' -l 'fail-on-waits' -d 'Make violations of what still waits where the inputs end, as rule still-waiting. A recording that was cut off has some.'
complete -c 'lockdep-check' -n '__lockdep-check_should_offer_completions_for_flags_or_options "lockdep-check gate" rules' -l 'rules' -d 'Look for these rules only, separated by commas.' -rfka ''
complete -c 'lockdep-check' -n '__lockdep-check_should_offer_completions_for_flags_or_options "lockdep-check gate" policy' -l 'policy' -d 'Declared orders, ignores and grades. A gate uses .lockgraph.yml where it runs, if there is one; none uses no policy.' -rfa '(set -l exts \'yml\' \'yaml\';for p in (string match -e -- \'*/\' (commandline -t);or printf \n)*.{$exts};printf %s\n $p;end;__fish_complete_directories (commandline -t) \'\')'
complete -c 'lockdep-check' -n '__lockdep-check_should_offer_completions_for_flags_or_options "lockdep-check gate" baseline' -l 'baseline' -d 'Let findings through that this file records, and tell which are gone.' -rfa '(for p in (string match -e -- \'*/\' (commandline -t);or printf \n)*.\'json\';printf %s\n $p;end;__fish_complete_directories (commandline -t) \'\')'
complete -c 'lockdep-check' -n '__lockdep-check_should_offer_completions_for_flags_or_options "lockdep-check gate" write-baseline' -l 'write-baseline' -d 'Record everything that would fail in this file, and succeed. Reasons, owners and days of expiry of findings that stay are kept.' -rfa '(for p in (string match -e -- \'*/\' (commandline -t);or printf \n)*.\'json\';printf %s\n $p;end;__fish_complete_directories (commandline -t) \'\')'
complete -c 'lockdep-check' -n '__lockdep-check_should_offer_completions_for_flags_or_options "lockdep-check gate" today' -l 'today' -d 'The day on which exceptions hold or have expired, as YYYY-MM-DD; SOURCE_DATE_EPOCH, or today.' -rfka ''
complete -c 'lockdep-check' -n '__lockdep-check_should_offer_completions_for_flags_or_options "lockdep-check gate" prune' -l 'prune' -d 'Take findings that are gone out of the file of --baseline.'
complete -c 'lockdep-check' -n '__lockdep-check_should_offer_completions_for_flags_or_options "lockdep-check gate" allow-empty' -l 'allow-empty' -d 'Let inputs without any events pass.'
complete -c 'lockdep-check' -n '__lockdep-check_should_offer_completions_for_flags_or_options "lockdep-check gate" min-events' -l 'min-events' -d 'Let inputs pass only if they have so many events in all, since a recording can be cut off.' -rfka ''
complete -c 'lockdep-check' -n '__lockdep-check_should_offer_completions_for_flags_or_options "lockdep-check gate" format' -l 'format' -d 'The format of the report: text, json, sarif, junit, github, gitlab, markdown.' -rfka 'text json sarif junit github gitlab markdown'
complete -c 'lockdep-check' -n '__lockdep-check_should_offer_completions_for_flags_or_options "lockdep-check gate" o output' -l 'output' -s 'o' -d 'Write the report to a file instead of standard output.' -rF
complete -c 'lockdep-check' -n '__lockdep-check_should_offer_completions_for_flags_or_options "lockdep-check gate"' -l 'report' -d 'Write another report of the same run into a file, as sarif=out.sarif; may be repeated.' -rF
complete -c 'lockdep-check' -n '__lockdep-check_should_offer_completions_for_flags_or_options "lockdep-check gate" source-root' -l 'source-root' -d 'The folder that paths in reports for CI systems are relative to; the current one if not given. text and json show them as the trace has them.' -rfa '(__lockdep-check_complete_directories)'
complete -c 'lockdep-check' -n '__lockdep-check_should_offer_completions_for_flags_or_options "lockdep-check gate" svg' -l 'svg' -d 'Draw findings and their neighbourhood as SVG into a file.' -rfa '(for p in (string match -e -- \'*/\' (commandline -t);or printf \n)*.\'svg\';printf %s\n $p;end;__fish_complete_directories (commandline -t) \'\')'
complete -c 'lockdep-check' -n '__lockdep-check_should_offer_completions_for_flags_or_options "lockdep-check gate" dot' -l 'dot' -d 'Write the same drawing as DOT into a file.' -rfa '(for p in (string match -e -- \'*/\' (commandline -t);or printf \n)*.\'dot\';printf %s\n $p;end;__fish_complete_directories (commandline -t) \'\')'
complete -c 'lockdep-check' -n '__lockdep-check_should_offer_completions_for_flags_or_options "lockdep-check gate" color' -l 'color' -d 'Colour in text: auto, always or never.' -rfka ''
complete -c 'lockdep-check' -n '__lockdep-check_should_offer_completions_for_flags_or_options "lockdep-check gate" schedule' -l 'schedule' -d 'Write the events of a predicted deadlock as a trace, in the order that ends in it.' -rF
complete -c 'lockdep-check' -n '__lockdep-check_should_offer_completions_for_flags_or_options "lockdep-check gate" finding' -l 'finding' -d 'Of which finding, by its number in the report; the first that is predicted.' -rfka ''
complete -c 'lockdep-check' -n '__lockdep-check_should_offer_completions_for_flags_or_options "lockdep-check gate" version' -l 'version' -d 'Show the version.'
complete -c 'lockdep-check' -n '__lockdep-check_should_offer_completions_for_flags_or_options "lockdep-check gate" h help' -s 'h' -l 'help' -d 'Show help information.'
complete -c 'lockdep-check' -n '__lockdep-check_should_offer_completions_for_positional "lockdep-check render" -ge 1' -F
complete -c 'lockdep-check' -n '__lockdep-check_should_offer_completions_for_flags_or_options "lockdep-check render" input-format' -l 'input-format' -d 'Read the inputs as this format instead of recognising it: text, ftrace, jsonl, std, lttng, perf, lockdep, lockdep-chains, kernel-log, recording, graph.' -rfka 'text ftrace jsonl std lttng perf lockdep lockdep-chains kernel-log recording graph'
complete -c 'lockdep-check' -n '__lockdep-check_should_offer_completions_for_flags_or_options "lockdep-check render" keep-going' -l 'keep-going' -d 'Skip bad lines and report how many there were, instead of stopping at the first.'
complete -c 'lockdep-check' -n '__lockdep-check_should_offer_completions_for_flags_or_options "lockdep-check render" show-system-locks' -l 'show-system-locks' -d 'Show the locks of the loader and of allocators, which are left out of recordings.'
complete -c 'lockdep-check' -n '__lockdep-check_should_offer_completions_for_flags_or_options "lockdep-check render" q quiet' -l 'quiet' -s 'q' -d 'Tell nothing but errors on standard error.'
complete -c 'lockdep-check' -n '__lockdep-check_should_offer_completions_for_flags_or_options "lockdep-check render" v verbose' -l 'verbose' -s 'v' -d 'Tell of every input what it was read as.'
complete -c 'lockdep-check' -n '__lockdep-check_should_offer_completions_for_flags_or_options "lockdep-check render" class-by' -l 'class-by' -d 'What makes locks a class where traces state none: the place of their init, that of their first use, or nothing, each lock being its own. Graph files keep what they were merged with.' -rfka 'init first-use lock'
complete -c 'lockdep-check' -n '__lockdep-check_should_offer_completions_for_flags_or_options "lockdep-check render" max-findings' -l 'max-findings' -d 'How many lock-order inversions are listed; the rest is counted.' -rfka ''
complete -c 'lockdep-check' -n '__lockdep-check_should_offer_completions_for_flags_or_options "lockdep-check render" predict' -l 'predict' -d 'Look for potential deadlocks in other orders of the events: auto (for inputs that can be read twice), always (and say of others that it was not possible) or never.' -rfka 'auto always never'
complete -c 'lockdep-check' -n '__lockdep-check_should_offer_completions_for_flags_or_options "lockdep-check render" predict-memory' -l 'predict-memory' -d 'How much memory the events of an input may take for that; what takes more is not decided.' -rfka ''
complete -c 'lockdep-check' -n '__lockdep-check_should_offer_completions_for_flags_or_options "lockdep-check render" o output' -l 'output' -s 'o' -d 'Write the picture to a file; its extension is its format.' -rfa '(set -l exts \'svg\' \'dot\' \'png\' \'pdf\';for p in (string match -e -- \'*/\' (commandline -t);or printf \n)*.{$exts};printf %s\n $p;end;__fish_complete_directories (commandline -t) \'\')'
complete -c 'lockdep-check' -n '__lockdep-check_should_offer_completions_for_flags_or_options "lockdep-check render" format' -l 'format' -d 'The format of the picture: svg, dot, png or pdf.' -rfka 'svg dot png pdf'
complete -c 'lockdep-check' -n '__lockdep-check_should_offer_completions_for_flags_or_options "lockdep-check render" all' -l 'all' -d 'Draw all classes and dependencies.'
complete -c 'lockdep-check' -n '__lockdep-check_should_offer_completions_for_flags_or_options "lockdep-check render" around' -l 'around' -d 'Draw this class and those around it.' -rfka ''
complete -c 'lockdep-check' -n '__lockdep-check_should_offer_completions_for_flags_or_options "lockdep-check render" depth' -l 'depth' -d 'How many steps around the class.' -rfka ''
complete -c 'lockdep-check' -n '__lockdep-check_should_offer_completions_for_flags_or_options "lockdep-check render" weight' -l 'weight' -d 'Make classes stand out by how long they were held or waited for: hold or contention.' -rfka 'hold contention'
complete -c 'lockdep-check' -n '__lockdep-check_should_offer_completions_for_flags_or_options "lockdep-check render" version' -l 'version' -d 'Show the version.'
complete -c 'lockdep-check' -n '__lockdep-check_should_offer_completions_for_flags_or_options "lockdep-check render" h help' -s 'h' -l 'help' -d 'Show help information.'
complete -c 'lockdep-check' -n '__lockdep-check_should_offer_completions_for_positional "lockdep-check stats" -ge 1' -F
complete -c 'lockdep-check' -n '__lockdep-check_should_offer_completions_for_flags_or_options "lockdep-check stats" input-format' -l 'input-format' -d 'Read the inputs as this format instead of recognising it: text, ftrace, jsonl, std, lttng, perf, lockdep, lockdep-chains, kernel-log, recording, graph.' -rfka 'text ftrace jsonl std lttng perf lockdep lockdep-chains kernel-log recording graph'
complete -c 'lockdep-check' -n '__lockdep-check_should_offer_completions_for_flags_or_options "lockdep-check stats" keep-going' -l 'keep-going' -d 'Skip bad lines and report how many there were, instead of stopping at the first.'
complete -c 'lockdep-check' -n '__lockdep-check_should_offer_completions_for_flags_or_options "lockdep-check stats" show-system-locks' -l 'show-system-locks' -d 'Show the locks of the loader and of allocators, which are left out of recordings.'
complete -c 'lockdep-check' -n '__lockdep-check_should_offer_completions_for_flags_or_options "lockdep-check stats" q quiet' -l 'quiet' -s 'q' -d 'Tell nothing but errors on standard error.'
complete -c 'lockdep-check' -n '__lockdep-check_should_offer_completions_for_flags_or_options "lockdep-check stats" v verbose' -l 'verbose' -s 'v' -d 'Tell of every input what it was read as.'
complete -c 'lockdep-check' -n '__lockdep-check_should_offer_completions_for_flags_or_options "lockdep-check stats" class-by' -l 'class-by' -d 'What makes locks a class where traces state none: the place of their init, that of their first use, or nothing, each lock being its own. Graph files keep what they were merged with.' -rfka 'init first-use lock'
complete -c 'lockdep-check' -n '__lockdep-check_should_offer_completions_for_flags_or_options "lockdep-check stats" sort' -l 'sort' -d 'The most first by: contentions, wait-total, wait-max, hold-total, hold-max or acquisitions; or by name.' -rfka 'contentions wait-total wait-max hold-total hold-max acquisitions name'
complete -c 'lockdep-check' -n '__lockdep-check_should_offer_completions_for_flags_or_options "lockdep-check stats" top' -l 'top' -d 'Only so many classes.' -rfka ''
complete -c 'lockdep-check' -n '__lockdep-check_should_offer_completions_for_flags_or_options "lockdep-check stats" points' -l 'points' -d 'How many places of either sort to show for a class.' -rfka ''
complete -c 'lockdep-check' -n '__lockdep-check_should_offer_completions_for_flags_or_options "lockdep-check stats" format' -l 'format' -d 'The format: table, json or csv.' -rfka 'table json csv'
complete -c 'lockdep-check' -n '__lockdep-check_should_offer_completions_for_flags_or_options "lockdep-check stats" o output' -l 'output' -s 'o' -d 'Write to a file instead of standard output.' -rF
complete -c 'lockdep-check' -n '__lockdep-check_should_offer_completions_for_flags_or_options "lockdep-check stats" version' -l 'version' -d 'Show the version.'
complete -c 'lockdep-check' -n '__lockdep-check_should_offer_completions_for_flags_or_options "lockdep-check stats" h help' -s 'h' -l 'help' -d 'Show help information.'
complete -c 'lockdep-check' -n '__lockdep-check_should_offer_completions_for_positional "lockdep-check convert" -ge 1' -F
complete -c 'lockdep-check' -n '__lockdep-check_should_offer_completions_for_flags_or_options "lockdep-check convert" input-format' -l 'input-format' -d 'Read the inputs as this format instead of recognising it: text, ftrace, jsonl, std, lttng, perf, lockdep, lockdep-chains, kernel-log, recording, graph.' -rfka 'text ftrace jsonl std lttng perf lockdep lockdep-chains kernel-log recording graph'
complete -c 'lockdep-check' -n '__lockdep-check_should_offer_completions_for_flags_or_options "lockdep-check convert" keep-going' -l 'keep-going' -d 'Skip bad lines and report how many there were, instead of stopping at the first.'
complete -c 'lockdep-check' -n '__lockdep-check_should_offer_completions_for_flags_or_options "lockdep-check convert" show-system-locks' -l 'show-system-locks' -d 'Show the locks of the loader and of allocators, which are left out of recordings.'
complete -c 'lockdep-check' -n '__lockdep-check_should_offer_completions_for_flags_or_options "lockdep-check convert" q quiet' -l 'quiet' -s 'q' -d 'Tell nothing but errors on standard error.'
complete -c 'lockdep-check' -n '__lockdep-check_should_offer_completions_for_flags_or_options "lockdep-check convert" v verbose' -l 'verbose' -s 'v' -d 'Tell of every input what it was read as.'
complete -c 'lockdep-check' -n '__lockdep-check_should_offer_completions_for_flags_or_options "lockdep-check convert" to' -l 'to' -d 'The encoding: text, or jsonl for JSON Lines. Without it the ending of the output\'s name decides, and else it is text.' -rfka 'text jsonl'
complete -c 'lockdep-check' -n '__lockdep-check_should_offer_completions_for_flags_or_options "lockdep-check convert" o output' -l 'output' -s 'o' -d 'Write to a file instead of standard output.' -rfa '(set -l exts \'trace\' \'jsonl\';for p in (string match -e -- \'*/\' (commandline -t);or printf \n)*.{$exts};printf %s\n $p;end;__fish_complete_directories (commandline -t) \'\')'
complete -c 'lockdep-check' -n '__lockdep-check_should_offer_completions_for_flags_or_options "lockdep-check convert" version' -l 'version' -d 'Show the version.'
complete -c 'lockdep-check' -n '__lockdep-check_should_offer_completions_for_flags_or_options "lockdep-check convert" h help' -s 'h' -l 'help' -d 'Show help information.'
complete -c 'lockdep-check' -n '__lockdep-check_should_offer_completions_for_positional "lockdep-check seal" -ge 1' -F
complete -c 'lockdep-check' -n '__lockdep-check_should_offer_completions_for_flags_or_options "lockdep-check seal" q quiet' -l 'quiet' -s 'q' -d 'Tell nothing but errors on standard error.'
complete -c 'lockdep-check' -n '__lockdep-check_should_offer_completions_for_flags_or_options "lockdep-check seal" v verbose' -l 'verbose' -s 'v' -d 'Tell of every input what it was read as.'
complete -c 'lockdep-check' -n '__lockdep-check_should_offer_completions_for_flags_or_options "lockdep-check seal" version' -l 'version' -d 'Show the version.'
complete -c 'lockdep-check' -n '__lockdep-check_should_offer_completions_for_flags_or_options "lockdep-check seal" h help' -s 'h' -l 'help' -d 'Show help information.'
complete -c 'lockdep-check' -n '__lockdep-check_should_offer_completions_for_positional "lockdep-check merge" -ge 1' -F
complete -c 'lockdep-check' -n '__lockdep-check_should_offer_completions_for_flags_or_options "lockdep-check merge" input-format' -l 'input-format' -d 'Read the inputs as this format instead of recognising it: text, ftrace, jsonl, std, lttng, perf, lockdep, lockdep-chains, kernel-log, recording, graph.' -rfka 'text ftrace jsonl std lttng perf lockdep lockdep-chains kernel-log recording graph'
complete -c 'lockdep-check' -n '__lockdep-check_should_offer_completions_for_flags_or_options "lockdep-check merge" keep-going' -l 'keep-going' -d 'Skip bad lines and report how many there were, instead of stopping at the first.'
complete -c 'lockdep-check' -n '__lockdep-check_should_offer_completions_for_flags_or_options "lockdep-check merge" show-system-locks' -l 'show-system-locks' -d 'Show the locks of the loader and of allocators, which are left out of recordings.'
complete -c 'lockdep-check' -n '__lockdep-check_should_offer_completions_for_flags_or_options "lockdep-check merge" q quiet' -l 'quiet' -s 'q' -d 'Tell nothing but errors on standard error.'
complete -c 'lockdep-check' -n '__lockdep-check_should_offer_completions_for_flags_or_options "lockdep-check merge" v verbose' -l 'verbose' -s 'v' -d 'Tell of every input what it was read as.'
complete -c 'lockdep-check' -n '__lockdep-check_should_offer_completions_for_flags_or_options "lockdep-check merge" class-by' -l 'class-by' -d 'What makes locks a class where traces state none: the place of their init, that of their first use, or nothing, each lock being its own. Graph files keep what they were merged with.' -rfka 'init first-use lock'
complete -c 'lockdep-check' -n '__lockdep-check_should_offer_completions_for_flags_or_options "lockdep-check merge" o output' -l 'output' -s 'o' -d 'Write to a file instead of standard output.' -rfa '(for p in (string match -e -- \'*/\' (commandline -t);or printf \n)*.\'graph\';printf %s\n $p;end;__fish_complete_directories (commandline -t) \'\')'
complete -c 'lockdep-check' -n '__lockdep-check_should_offer_completions_for_flags_or_options "lockdep-check merge" version' -l 'version' -d 'Show the version.'
complete -c 'lockdep-check' -n '__lockdep-check_should_offer_completions_for_flags_or_options "lockdep-check merge" h help' -s 'h' -l 'help' -d 'Show help information.'
complete -c 'lockdep-check' -n '__lockdep-check_should_offer_completions_for_positional "lockdep-check diff" -eq 1' -F
complete -c 'lockdep-check' -n '__lockdep-check_should_offer_completions_for_positional "lockdep-check diff" -eq 2' -F
complete -c 'lockdep-check' -n '__lockdep-check_should_offer_completions_for_flags_or_options "lockdep-check diff" input-format' -l 'input-format' -d 'Read both as this format instead of recognising it.' -rfka 'text ftrace jsonl std lttng perf lockdep lockdep-chains kernel-log recording graph'
complete -c 'lockdep-check' -n '__lockdep-check_should_offer_completions_for_flags_or_options "lockdep-check diff" keep-going' -l 'keep-going' -d 'Skip bad lines and report how many there were, instead of stopping at the first.'
complete -c 'lockdep-check' -n '__lockdep-check_should_offer_completions_for_flags_or_options "lockdep-check diff" max-findings' -l 'max-findings' -d 'How many lock-order inversions of each are compared.' -rfka ''
complete -c 'lockdep-check' -n '__lockdep-check_should_offer_completions_for_flags_or_options "lockdep-check diff" class-by' -l 'class-by' -d 'What makes locks a class where traces state none: the place of their init, that of their first use, or nothing, each lock being its own. Graph files keep what they were merged with.' -rfka 'init first-use lock'
complete -c 'lockdep-check' -n '__lockdep-check_should_offer_completions_for_flags_or_options "lockdep-check diff" fail-on-new-edges' -l 'fail-on-new-edges' -d 'Exit with status 1 if there are new dependencies.'
complete -c 'lockdep-check' -n '__lockdep-check_should_offer_completions_for_flags_or_options "lockdep-check diff" fail-on-new-findings' -l 'fail-on-new-findings' -d 'Exit with status 1 if there are new findings that are more than notes.'
complete -c 'lockdep-check' -n '__lockdep-check_should_offer_completions_for_flags_or_options "lockdep-check diff" format' -l 'format' -d 'The format: text or json.' -rfka 'text json'
complete -c 'lockdep-check' -n '__lockdep-check_should_offer_completions_for_flags_or_options "lockdep-check diff" o output' -l 'output' -s 'o' -d 'Write to a file instead of standard output.' -rF
complete -c 'lockdep-check' -n '__lockdep-check_should_offer_completions_for_flags_or_options "lockdep-check diff" svg' -l 'svg' -d 'Draw the new graph as SVG into a file, with what is new marked.' -rfa '(for p in (string match -e -- \'*/\' (commandline -t);or printf \n)*.\'svg\';printf %s\n $p;end;__fish_complete_directories (commandline -t) \'\')'
complete -c 'lockdep-check' -n '__lockdep-check_should_offer_completions_for_flags_or_options "lockdep-check diff" color' -l 'color' -d 'Colour in text: auto, always or never.' -rfka ''
complete -c 'lockdep-check' -n '__lockdep-check_should_offer_completions_for_flags_or_options "lockdep-check diff" q quiet' -l 'quiet' -s 'q' -d 'Tell nothing but errors on standard error.'
complete -c 'lockdep-check' -n '__lockdep-check_should_offer_completions_for_flags_or_options "lockdep-check diff" v verbose' -l 'verbose' -s 'v' -d 'Tell of every input what it was read as.'
complete -c 'lockdep-check' -n '__lockdep-check_should_offer_completions_for_flags_or_options "lockdep-check diff" version' -l 'version' -d 'Show the version.'
complete -c 'lockdep-check' -n '__lockdep-check_should_offer_completions_for_flags_or_options "lockdep-check diff" h help' -s 'h' -l 'help' -d 'Show help information.'
complete -c 'lockdep-check' -n '__lockdep-check_should_offer_completions_for_flags_or_options "lockdep-check policy" version' -l 'version' -d 'Show the version.'
complete -c 'lockdep-check' -n '__lockdep-check_should_offer_completions_for_flags_or_options "lockdep-check policy" h help' -s 'h' -l 'help' -d 'Show help information.'
complete -c 'lockdep-check' -n '__lockdep-check_should_offer_completions_for_positional "lockdep-check policy" -eq 1' -fa 'check' -d 'Say what is wrong with a policy file, and where: exit status 2 if something is.'
complete -c 'lockdep-check' -n '__lockdep-check_should_offer_completions_for_positional "lockdep-check policy" -eq 1' -fa 'infer' -d 'Propose an order of all classes that were seen, as a policy to be edited.'
complete -c 'lockdep-check' -n '__lockdep-check_should_offer_completions_for_positional "lockdep-check policy check" -ge 1' -fa '(set -l exts \'yml\' \'yaml\';for p in (string match -e -- \'*/\' (commandline -t);or printf \n)*.{$exts};printf %s\n $p;end;__fish_complete_directories (commandline -t) \'\')'
complete -c 'lockdep-check' -n '__lockdep-check_should_offer_completions_for_flags_or_options "lockdep-check policy check" version' -l 'version' -d 'Show the version.'
complete -c 'lockdep-check' -n '__lockdep-check_should_offer_completions_for_flags_or_options "lockdep-check policy check" h help' -s 'h' -l 'help' -d 'Show help information.'
complete -c 'lockdep-check' -n '__lockdep-check_should_offer_completions_for_positional "lockdep-check policy infer" -ge 1' -F
complete -c 'lockdep-check' -n '__lockdep-check_should_offer_completions_for_flags_or_options "lockdep-check policy infer" input-format' -l 'input-format' -d 'Read the inputs as this format instead of recognising it: text, ftrace, jsonl, std, lttng, perf, lockdep, lockdep-chains, kernel-log, recording, graph.' -rfka 'text ftrace jsonl std lttng perf lockdep lockdep-chains kernel-log recording graph'
complete -c 'lockdep-check' -n '__lockdep-check_should_offer_completions_for_flags_or_options "lockdep-check policy infer" keep-going' -l 'keep-going' -d 'Skip bad lines and report how many there were, instead of stopping at the first.'
complete -c 'lockdep-check' -n '__lockdep-check_should_offer_completions_for_flags_or_options "lockdep-check policy infer" show-system-locks' -l 'show-system-locks' -d 'Show the locks of the loader and of allocators, which are left out of recordings.'
complete -c 'lockdep-check' -n '__lockdep-check_should_offer_completions_for_flags_or_options "lockdep-check policy infer" q quiet' -l 'quiet' -s 'q' -d 'Tell nothing but errors on standard error.'
complete -c 'lockdep-check' -n '__lockdep-check_should_offer_completions_for_flags_or_options "lockdep-check policy infer" v verbose' -l 'verbose' -s 'v' -d 'Tell of every input what it was read as.'
complete -c 'lockdep-check' -n '__lockdep-check_should_offer_completions_for_flags_or_options "lockdep-check policy infer" o output' -l 'output' -s 'o' -d 'Write the policy to a file instead of standard output.' -rfa '(set -l exts \'yml\' \'yaml\';for p in (string match -e -- \'*/\' (commandline -t);or printf \n)*.{$exts};printf %s\n $p;end;__fish_complete_directories (commandline -t) \'\')'
complete -c 'lockdep-check' -n '__lockdep-check_should_offer_completions_for_flags_or_options "lockdep-check policy infer" version' -l 'version' -d 'Show the version.'
complete -c 'lockdep-check' -n '__lockdep-check_should_offer_completions_for_flags_or_options "lockdep-check policy infer" h help' -s 'h' -l 'help' -d 'Show help information.'
complete -c 'lockdep-check' -n '__lockdep-check_should_offer_completions_for_positional "lockdep-check explain" -eq 1' -fka 'deadlock lock-order-inversion recursive-acquisition context-inversion context-order-inversion invalid-wait-context nest-not-held release-not-held held-at-exit destroyed-while-held assertion-failed pin-violated unbalanced-context wait-while-holding reference-count-misused declared-order still-waiting'
complete -c 'lockdep-check' -n '__lockdep-check_should_offer_completions_for_flags_or_options "lockdep-check explain" version' -l 'version' -d 'Show the version.'
complete -c 'lockdep-check' -n '__lockdep-check_should_offer_completions_for_flags_or_options "lockdep-check explain" h help' -s 'h' -l 'help' -d 'Show help information.'
complete -c 'lockdep-check' -n '__lockdep-check_should_offer_completions_for_flags_or_options "lockdep-check help" version' -l 'version' -d 'Show the version.'
