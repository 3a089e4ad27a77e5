extension WaitDecoder {
  /// `dispatch_sync` on a queue that another thread works for: the thread sleeps on its own stack,
  /// in a structure that names itself and the queue.
  func queue(_ subject: Subject) -> Wait? {
    let call = subject.call
    guard call.value == .max,
      process.half(call.address &+ 4) == UInt32(bitPattern: subject.thread.ownIdentifier),
      let queue = process.word(call.address &- 0x28), queue & 7 == 0, queue > 4096,
      let state = process.word(queue &+ 0x38), let name = process.word(queue &+ 0x48)
    else { return nil }
    var wait = Wait(kind: .queue, lock: queue, word: call.address, owner: .unknown)
    if name != 0 {
      // The offsets are those of one version: without a readable label they are not believed.
      guard let label = process.text(name) else { return nil }
      wait.label = label
    }
    if let owner = OwnerWord.thread(UInt32(truncatingIfNeeded: state)), threads.contains(owner) {
      wait.owner = .thread(owner)
    }
    return wait
  }
}
