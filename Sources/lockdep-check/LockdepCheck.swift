import ArgumentParser
import LockGraphEngine
import LockGraphRecording

#if !Command
  #error("The command is built with the trait Command of LockGraph.")
#endif

/// What the program `lockdep-check` does.
package func runLockdepCheck() { LockdepCheck.main() }

struct LockdepCheck: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "lockdep-check",
    abstract: "Can this program deadlock? Validates the order in which threads take locks.",
    discussion: """
      run and record take a program as it is. The other commands read what threads did with locks and find \
      potential deadlocks, from one run in which nothing went wrong. Inputs are traces in LockGraph's text format, or what the kernel's ftrace, trace-cmd, \
      perf script and others print, or graph files that merge wrote; the format is recognised from the \
      content. Without INPUT, or with -, standard input is read.

      Exit status: 0 success; 1 the gate found violations, hang a deadlock, confirm none, diff what it should fail on, or a baseline could not record all; \
      2 an input or output could not be read or written, or a gate had nothing to judge; 64 wrong usage; 130 interrupted; by SIGPIPE where nobody reads the output on. \
      run and record end as their command does, but for violations; 124, 126 and 127 are those of timeout and shells.
      """,
    version: lockGraphVersion,
    subcommands: [
      RunCommand.self, RecordCommand.self, ConfirmCommand.self, HangCommand.self,
      AnalyzeCommand.self, GateCommand.self, RenderCommand.self, StatsCommand.self,
      ConvertCommand.self, SealCommand.self, MergeCommand.self, DiffCommand.self,
      WhatIfCommand.self, PolicyCommand.self, ExplainCommand.self,
    ]
  )

  /// What a command that is run gets, whatever is done with signals here.
  static let inheritedSignals = InheritedSignals()

  static func main() {
    _ = inheritedSignals
    Interruption.install()
    CommandNames.check(TerminatedCommand.ownArguments)
    main(GatheredNames.arguments)
  }
}
