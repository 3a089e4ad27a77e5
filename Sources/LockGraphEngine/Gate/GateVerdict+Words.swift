extension GateVerdict.Standing {
  /// The word that reports use.
  package var name: String {
    switch self {
    case .failing: "failing"
    case .belowThreshold: "below"
    case .known: "known"
    case .ignored: "ignored"
    case .expired: "expired"
    }
  }

  /// What is written about the finding in a baseline or policy, whether it still holds or not.
  package var exception: GateException? {
    switch self {
    case .failing, .belowThreshold: nil
    case .known(let exception), .ignored(let exception), .expired(let exception): exception
    }
  }

  /// Whether an exception that holds keeps it from being a violation.
  package var isExcused: Bool {
    switch self {
    case .known, .ignored: true
    case .failing, .belowThreshold, .expired: false
    }
  }
}

extension GateException {
  /// One line for people: why, and who said so until when and where.
  package var text: String {
    var origin: [String] = []
    if let owner { origin.append(owner) }
    if let expires { origin.append("until \(expires)") }
    origin.append(source)
    let details = "(\(origin.joined(separator: ", ")))"
    return (reason.map { "\($0) \(details)" } ?? "no reason given \(details)")
      .withVisibleControls.shortened(to: Limits.remark)
  }
}
