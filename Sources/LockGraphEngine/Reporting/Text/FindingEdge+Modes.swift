// How locks of an order are held and asked for, in words.

extension FindingEdge {
  /// How the order takes part in the finding, and what other ways it was seen in.
  var modeText: String {
    let others = kinds.subtracting(decidingKind)
    let own = witnesses.first.map { "\($0.held.mode.heldText), \($0.wanted.mode.wantedText)" }
    return (own ?? decidingKind.text) + (others.isEmpty ? "" : "; also seen \(others.text)")
  }
}

extension DependencyKinds {
  /// In words, one way after the other.
  var text: String {
    let ways: [(DependencyKinds, String)] = [
      (.en, "held exclusively, asked for by a writer or by a reader that cannot recurse"),
      (.er, "held exclusively, asked for by a recursive reader"),
      (.sn, "held by a reader, asked for by a writer or by a reader that cannot recurse"),
      (.sr, "held by a reader, asked for by a recursive reader"),
    ]
    return ways.filter { contains($0.0) }.map(\.1).joined(separator: "; ")
  }
}

extension LockMode {
  fileprivate var heldText: String {
    switch self {
    case .write: "held exclusively"
    case .read: "held by a reader"
    case .recursiveRead: "held by a recursive reader"
    case .upgradable: "held by an upgradable reader"
    }
  }

  fileprivate var wantedText: String {
    switch self {
    case .write: "asked for by a writer"
    case .read: "asked for by a reader that cannot recurse"
    case .recursiveRead: "asked for by a recursive reader"
    case .upgradable: "asked for by an upgradable reader"
    }
  }
}
