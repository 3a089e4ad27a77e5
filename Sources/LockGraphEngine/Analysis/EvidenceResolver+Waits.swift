// Open waits, with names resolved.

extension EvidenceResolver {
  func wait(_ wait: StillWaiting) -> OpenWait {
    let (at, stack, input) = (
      place(wait.place), stack(wait.stack), inputNames[Int(wait.input)]
    )
    var open = OpenWait(
      thread: threadName(wait.thread), options: wait.options, held: wait.held.map(lock),
      obstacles: wait.obstacles.map { obstacle($0, of: wait, input) },
      omittedObstacles: wait.omittedObstacles, at: at, stack: stack, input: input,
      line: wait.line, time: wait.time)
    switch wait.target {
    case .lock(let lock, let lockClass, let mode):
      open.wanted = WitnessedLock(
        lock: name(of: lock), lockClass: name(of: lockClass), mode: mode, at: at, stack: stack,
        line: wait.line)
    case .end(let thread): open.joined = threadName(thread)
    case .condition(let name, let givenUp):
      open.isOnCondition = true
      open.condition = name
      open.givenUp = givenUp.map(describe)
      open.isSignalled = wait.isSignalled
    case .barrier(let name): open.barrier = name
    }
    return open
  }

  private func obstacle(
    _ obstacle: StillWaiting.Obstacle, of wait: StillWaiting, _ input: String
  ) -> OpenWait.Obstacle {
    var open = OpenWait.Obstacle(
      reason: obstacle.reason.shown, thread: threadName(obstacle.thread),
      held: obstacle.held.map(lock), isWaiting: !obstacle.waits.isEmpty)
    if let end = obstacle.end, let lock = wait.neededLock?.lock {
      var lockClass = table.locks[lock.index].lockClass
      if case .lock(_, let wanted, _) = wait.target { lockClass = wanted }
      let event = event(of: end, lock, lockClass, input)
      open.held = event.lock
      open.end = event
    }
    return open
  }
}

extension StillWaiting.Obstacle.Reason {
  fileprivate var shown: OpenWait.Obstacle.Reason {
    switch self {
    case .holds: .holds
    case .ended: .ended
    case .waitsToWrite: .waitsToWrite
    case .lives: .lives
    }
  }
}
