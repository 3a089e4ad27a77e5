import LockGraph
import LockGraphRecording

/// What happens while a command runs: it is ended if that takes too long, and what its traces show
/// is told.
struct RunWatch {
  private static let interval = Duration.milliseconds(200)
  /// Between asking it to end and ending it.
  private static let grace = Duration.seconds(5)

  private let place: RecordingPlace
  private let patience: Duration?
  private let timeout: Duration?
  private let reading: ReadingOptions
  /// It was ended because it took too long.
  private(set) var hasTimedOut = false

  init(_ place: RecordingPlace, _ options: WatchingOptions, _ reading: ReadingOptions) {
    self.place = place
    self.reading = reading
    patience = options.patience
    timeout = options.timeout.map { .seconds($0) }
  }

  /// Waits for the command's end.
  mutating func wait(for command: SupervisedCommand) -> CommandEnd {
    let start = ContinuousClock.now
    while true {
      if let end = command.wait(for: Self.interval) { return end }
      if let timeout, ContinuousClock.now - start >= timeout { return finish(command, timeout) }
    }
  }

  private mutating func finish(_ command: SupervisedCommand, _ timeout: Duration) -> CommandEnd {
    hasTimedOut = true
    Terminal.message("error: the command still runs after \(timeout.components.seconds) s, and is ended")
    var tree = ProcessTree()
    tree.add(command.identifier)
    tree.send(.termination)
    let deadline = ContinuousClock.now + Self.grace
    var end = command.wait(for: Self.grace)
    // What it started may be what hangs.
    while ContinuousClock.now < deadline, tree.hasMembers {
      if end == nil { end = command.wait(for: .milliseconds(50)) } else { SupervisedCommand.pause(.milliseconds(50)) }
    }
    tree.send(.killing)
    return end ?? command.waitForEnd()
  }
}
