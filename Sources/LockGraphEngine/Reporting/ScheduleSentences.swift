// The order of events that ends in a deadlock, in sentences.

extension Finding.Schedule {
  /// What each thread does before another one goes on, without a full stop.
  package var steps: [String] { steps { $0.withVisibleControls } }

  /// Who waits for whom in the end; who waits behind a writer comes after it.
  package var endings: [String] { endings { $0.withVisibleControls } }

  /// - Parameter place: writes a place, or the line of the input, so that it can be printed.
  func steps(place: (String) -> String) -> [String] {
    segments.map { segment in
      "\(segment.thread) runs up to ".withVisibleControls
        + text(segment.at, segment.line, place)
    }
  }

  /// - Parameter place: writes a place, or the line of the input, so that it can be printed.
  func endings(place: (String) -> String) -> [String] {
    waits.map { wait in
      let mode = wait.mode == .write || wait.wanted == nil ? "" : " (\(wait.mode.name))"
      let what = wait.wanted.map { "asks for \($0)\(mode)" } ?? "joins \(wait.blockedBy)"
      let whom = wait.wanted == nil ? "" : " and waits for \(wait.blockedBy)"
      let behind = wait.isQueued ? ", which asks for it too, to write" : ""
      return "\(wait.thread) \(what) at ".withVisibleControls + text(wait.at, wait.line, place)
        + "\(whom)\(behind)".withVisibleControls
    }
  }

  private func text(_ at: String?, _ line: UInt64, _ place: (String) -> String) -> String {
    at.map { "\(place($0)) \(place("(line \(line))"))" } ?? place("\(input):\(line)")
  }
}
