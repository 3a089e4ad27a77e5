import ArgumentParser

/// What is looked for while a program runs.
struct WatchingOptions: ParsableArguments {
  @Option(
    help: ArgumentHelp(
      """
      Explain what hangs if threads have waited so long for locks; 0 never does. 10 on a terminal, else 60.
      """, valueName: "seconds"))
  var hangAfter: Double?

  @Option(
    help: ArgumentHelp(
      "End the command if it runs longer, with SIGTERM and 5 seconds later with SIGKILL.",
      valueName: "seconds"))
  var timeout: Double?

  func validate() throws {
    for (name, seconds) in [("--hang-after", hangAfter), ("--timeout", timeout)] {
      guard let seconds else { continue }
      guard seconds.isFinite, (0...1e9).contains(seconds), seconds > 0 || name == "--hang-after"
      else {
        throw ValidationError("\(name) takes a number of seconds.")
      }
    }
  }

  /// `nil` is never.
  var patience: Duration? {
    let seconds = hangAfter ?? (Terminal.isTerminal(2) ? 10 : 60)
    return seconds > 0 ? .seconds(seconds) : nil
  }
}
