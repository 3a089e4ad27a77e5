import ArgumentParser

/// How much is told on standard error; shared by all commands that read inputs.
struct MessageOptions: ParsableArguments {
  @Flag(name: .shortAndLong, help: "Tell nothing but errors on standard error.")
  var quiet = false

  @Flag(name: .shortAndLong, help: "Tell of every input what it was read as.")
  var verbose = false

  func validate() throws {
    if quiet, verbose {
      throw ValidationError("--quiet and --verbose cannot be given together.")
    }
    Terminal.verbosity.withLock { $0 = quiet ? .quiet : verbose ? .verbose : .normal }
  }
}
