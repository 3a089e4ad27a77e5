import ArgumentParser
import LockGraphEngine

extension PredictionOptions.Mode: ExpressibleByArgument {}

/// Whether potential deadlocks are looked for in other orders of the events.
struct PredictionArguments: ParsableArguments {
  @Option(
    help: """
      Look for potential deadlocks in other orders of the events: auto, always (five times as long, and say \
      of inputs that have no events to be put in order that it was not possible) or never.
      """)
  var predict = PredictionOptions.Mode.auto

  @Option(
    help: ArgumentHelp(
      "How much memory the events of an input may take for that; what takes more is not decided.",
      valueName: "MiB"))
  var predictMemory = 1024

  func validate() throws {
    if predictMemory < 1 || predictMemory > 1 << 20 {
      throw ValidationError("--predict-memory takes a number of MiB from 1 to 1048576.")
    }
  }

  /// As without options, for a command that has none.
  static var standard: PredictionArguments {
    var arguments = PredictionArguments()
    arguments.predict = .auto
    arguments.predictMemory = 1024
    return arguments
  }

  var options: PredictionOptions {
    PredictionOptions(mode: predict, memoryLimit: predictMemory << 20)
  }
}
