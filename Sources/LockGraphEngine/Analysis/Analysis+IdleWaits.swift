extension Analysis {
  /// Leaves out who waited when a process had done what it had to do: it ended by itself, with
  /// status 0, and its idle workers with it. Those that wait for each other, or for a thread that
  /// is gone, stay [semantics 25].
  mutating func leaveOutIdleWaits() {
    let ended = Set(inputs.lazy.filter(\.hasEndedWell).map(\.name))
    guard !ended.isEmpty else { return }
    waiting.removeAll { group in
      group.root.kind != .circle && group.root.kind != .ended
        && group.waits.allSatisfy { ended.contains($0.input) }
    }
  }
}
