// A wait that ended early could end early, whether or not its request said so [semantics 22].

extension AbandonReason {
  /// What must have been possible for a wait to end so.
  var wayOut: AcquisitionOptions? {
    switch self {
    case .interrupted, .cancelled: .interruptible
    case .killed: .killable
    case .timeout: .timeout
    case .deadlock, .failed: nil
    }
  }
}

extension AbandonReason {
  /// The lock said no: that was no wait that something else had to end.
  var isRefusal: Bool { self == .deadlock || self == .failed }
}

extension EvidenceStore {
  /// Adds a way out to the evidence that a request left, if it left some and not long ago.
  mutating func note(_ way: AcquisitionOptions, of thread: ThreadID, _ request: PendingRequest) {
    let recent = max(0, records.count - 4096)
    guard
      let index = records[recent...].lastIndex(where: {
        $0.thread == thread && $0.wanted == request.lock && $0.line == request.line
      })
    else { return }
    records[index].endings.insert(way)
  }
}
