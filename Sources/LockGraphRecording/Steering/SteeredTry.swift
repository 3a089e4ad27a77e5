/// A run that is steered, as the recorder is told of it.
package struct SteeredTry: Equatable, Sendable {
  /// The path of the file that says whereto, absolute.
  package var path: String
  /// How long a thread is kept.
  package var pause: Duration
  /// How long threads are kept in the whole run.
  package var patience: Duration

  /// A run that is looked through for circles that close by themselves; no thread is kept.
  package static func watching(with path: String) -> Self {
    Self(path: path, pause: .zero, patience: .zero)
  }
  /// The file for that.
  package static let watchingText = "\(Steering.firstLine)\n"

  package init(path: String, pause: Duration, patience: Duration) {
    (self.path, self.pause, self.patience) = (path, pause, patience)
  }

  /// What validated locks leave beside the file when they have seen a circle.
  package static let closedEnding = ".closed"

  /// How long threads are kept in the first try, the second, and so on.
  package static func pause(ofTry number: Int) -> Duration {
    switch number {
    case 1: .milliseconds(100)
    case 2: .seconds(1)
    default: .seconds(10)
    }
  }

  /// Of the environment.
  var variables: [(name: String, value: String)] {
    // Validated locks see circles without being told.
    (pause == .zero ? [] : [("LOCKGRAPH_CONFIRM", path)]) + [
      ("LOCKGRAPH_STEER", path),
      ("LOCKGRAPH_STEER_PAUSE", "\(pause.wholeMilliseconds)"),
      ("LOCKGRAPH_STEER_PATIENCE", "\(patience.wholeMilliseconds)"),
    ]
  }
}

extension Duration {
  /// At least one, unless it is none.
  fileprivate var wholeMilliseconds: Int64 {
    let (seconds, attoseconds) = components
    let whole = seconds * 1000 + attoseconds / 1_000_000_000_000_000
    return whole == 0 && self > .zero ? 1 : whole
  }
}
