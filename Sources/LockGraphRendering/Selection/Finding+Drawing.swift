import LockGraphEngine

extension Finding {
  /// What no thread did: the interrupt may come while `from` is held, and asks for `to`.
  var interruptEdge: (context: InterruptContext, from: String, to: String)? {
    guard let context else { return nil }
    switch rule {
    case .contextInversion: return classes.first.map { (context, $0, $0) }
    case .contextOrderInversion:
      guard let first = edges.first, let last = edges.last else { return nil }
      return (context, last.to, first.from)
    default: return nil
    }
  }

  /// The classes that it names and none of its dependencies joins, which a mark at the class has to
  /// point out: all of them if it has none, and in a deadlock those held by who waits for a thread.
  var unjoinedClasses: [String] {
    guard rule == .deadlock, !edges.isEmpty else { return edges.isEmpty ? classes : [] }
    let joined = Set(edges.flatMap { [$0.from, $0.to] })
    return classes.filter { !joined.contains($0) }
  }

  /// Of what still waits the groups that it is about, if it is about some.
  func groups(among waiting: [WaitGroup]) -> [WaitGroup] {
    guard rule == .deadlock || rule == .stillWaiting else { return [] }
    struct Thread: Hashable {
      var name: String
      var input: String
    }
    let threads = Set(
      waiters.map { Thread(name: $0.thread, input: $0.input) }
        + events.map { Thread(name: $0.thread, input: $0.input) })
    return waiting.filter { group in
      group.waits.contains { threads.contains(Thread(name: $0.thread, input: $0.input)) }
    }
  }
}
