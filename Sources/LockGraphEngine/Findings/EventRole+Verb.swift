extension EventRole {
  /// What an event is that is wrong by itself.
  init(_ verb: EventVerb) {
    self =
      switch verb {
      case .`init`: .initialize
      case .destroy: .destroy
      case .release, .post: .release
      case .wait, .barrier: .wait
      case .exit: .exit
      case .leave: .leave
      case .enable: .enable
      case .assert: .assert
      case .pin: .pin
      case .unpin: .unpin
      case .sleep: .sleep
      // Of the others none is wrong but for the lock that it takes.
      case .request, .acquire, .abandon, .downgrade, .wake, .signal, .broadcast, .spawn, .join,
        .enter, .disable, .read, .write, .lost, .dropped:
        .acquire
      }
  }
}
