// What still waits where the inputs end.

extension JSONReport {
  /// One wait behind the other, each with what it goes back to; those of one root follow each other
  /// and have its number.
  func writeWaiting(to writer: inout JSONWriter) {
    writer.key("waiting")
    writer.array { writer in
      for (number, group) in analysis.waiting.enumerated() {
        let root = group.root.text
        for wait in group.waits { write(wait, group.root, root, number + 1, to: &writer) }
      }
    }
  }

  private func write(
    _ wait: OpenWait, _ root: WaitGroup.Root, _ text: String, _ number: Int,
    to writer: inout JSONWriter
  ) {
    writer.object { writer in
      writer.member("thread", wait.thread)
      if let wanted = wait.wanted {
        writer.key("wanted")
        write(wanted, to: &writer)
      }
      if let joined = wait.joined { writer.member("joins", joined) }
      if wait.isOnCondition { writer.member("condition", wait.condition ?? "") }
      if let barrier = wait.barrier { writer.member("barrier", barrier) }
      if let givenUp = wait.givenUp { writer.member("givenUp", givenUp) }
      if wait.isSignalled {
        writer.key("signalled")
        writer.value(true)
      }
      if !wait.options.isEmpty { writer.member("options", wait.options.names) }
      writer.key("held")
      writer.array { writer in
        for lock in wait.held { write(lock, to: &writer) }
      }
      writer.key("blockedBy")
      writer.array { writer in
        for other in wait.obstacles { write(other, to: &writer) }
      }
      if wait.omittedObstacles > 0 { writer.member("moreBlockedBy", wait.omittedObstacles) }
      writer.key("root")
      writer.object { writer in
        writer.member("number", number)
        writer.member("kind", root.kind.rawValue)
        writer.member("text", text)
      }
      if wait.isInCircle {
        writer.key("inCircle")
        writer.value(true)
      }
      if let at = wait.at { writer.member("at", at) }
      if !wait.stack.isEmpty { writer.member("stack", wait.stack) }
      writer.member("input", wait.input)
      writer.member("line", wait.line)
      if let time = wait.time { writer.member("sinceNanoseconds", time) }
    }
  }

  private func write(_ other: OpenWait.Obstacle, to writer: inout JSONWriter) {
    writer.object { writer in
      writer.member("thread", other.thread)
      writer.member("reason", other.reason.rawValue)
      if let held = other.held {
        writer.key("held")
        write(held, to: &writer)
      }
      if let end = other.end {
        writer.key("end")
        write(end, to: &writer)
      }
      writer.key("waits")
      writer.value(other.isWaiting)
    }
  }
}
