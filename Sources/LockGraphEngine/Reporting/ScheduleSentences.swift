// The order of events that ends in a deadlock, in sentences.

extension Finding.Schedule {
  /// What each thread does before another one goes on, without a full stop.
  package var steps: [String] {
    segments.map { segment in
      "\(segment.thread) runs up to \(Self.place(segment.at, input, segment.line))"
        .withVisibleControls
    }
  }

  /// Who waits for whom in the end; who waits behind a writer comes after it.
  package var endings: [String] {
    waits.map { wait in
      let mode = wait.mode == .write || wait.wanted == nil ? "" : " (\(wait.mode.name))"
      let what = wait.wanted.map { "asks for \($0)\(mode)" } ?? "joins \(wait.blockedBy)"
      let whom = wait.wanted == nil ? "" : " and waits for \(wait.blockedBy)"
      let behind = wait.isQueued ? ", which asks for it too, to write" : ""
      return "\(wait.thread) \(what) at \(Self.place(wait.at, input, wait.line))\(whom)\(behind)"
        .withVisibleControls
    }
  }

  private static func place(_ at: String?, _ input: String, _ line: UInt64) -> String {
    at.map { "\($0) (line \(line))" } ?? "\(input):\(line)"
  }
}
