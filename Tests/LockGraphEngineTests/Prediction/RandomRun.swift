import TestSupport

@testable import LockGraphEngine

/// A run of random threads, event by event, every one possible when it comes.
struct RandomRun {
  enum Operation: Equatable {
    case acquire(Int, LockMode, waits: Bool)
    case release(Int)
    /// From writing to reading.
    case downgrade(Int)
    /// A request that is given up.
    case request(Int, LockMode)
    case spawn(Int)
    case join(Int)
    case wait(lock: Int)
    case wake(lock: Int)
    case signal
    case broadcast
    case barrier
    case pass
    case take(Int)
    case give(Int)
    case read(Int)
    case write(Int)
  }

  /// What there is.
  struct Shape {
    var threads = 3
    var locks = 3
    var length = 40
    var hasModes = false
    var hasUpgrades = false
    var hasTries = false
    /// Lock 0 is recursive.
    var hasRecursion = false
    var hasData = false
    var hasSpawns = false
    var hasConditions = false
    var hasSemaphores = false
    /// Two threads meet at one.
    var hasBarriers = false

    init(using generator: inout SeededGenerator) {
      threads = Int.random(in: 2...4, using: &generator)
      locks = Int.random(in: 2...4, using: &generator)
      length = Int.random(in: 18...64, using: &generator)
      hasModes = Bool.random(using: &generator)
      hasUpgrades = Bool.random(using: &generator)
      hasTries = Bool.random(using: &generator)
      hasRecursion = Bool.random(using: &generator)
      hasData = Bool.random(using: &generator)
      hasSpawns = Bool.random(using: &generator)
      switch Int.random(in: 0..<6, using: &generator) {
      case 0: hasConditions = true
      case 1: hasSemaphores = true
      case 2: hasBarriers = true
      default: break
      }
    }
  }

  private struct Thread {
    var held: [(lock: Int, mode: LockMode, reentries: Int)] = []
    var hasStarted: Bool
    var hasEnded = false
    var isAtBarrier = false
    var waiting: (lock: Int, isSignalled: Bool)?
    var budget: Int

    func holds(_ lock: Int) -> Bool { held.contains { $0.lock == lock } }
  }

  let shape: Shape
  private(set) var events: [(thread: Int, operation: Operation)] = []
  /// How often each semaphore can be taken before it is given.
  private(set) var permits: [Int] = []
  private var threads: [Thread] = []
  private var counts: [Int]

  init(_ shape: Shape, using generator: inout SeededGenerator) {
    self.shape = shape
    permits = [0, Int.random(in: 0...1, using: &generator)]
    counts = permits
    threads = (0..<shape.threads).map {
      Thread(hasStarted: !shape.hasSpawns || $0 == 0, budget: shape.length / shape.threads)
    }
    for _ in 0..<shape.length * 12 {
      let live = threads.indices.filter { threads[$0].hasStarted && !threads[$0].hasEnded }
      guard let thread = live.randomElement(using: &generator) else { break }
      step(thread, using: &generator)
    }
  }

  func isRecursive(_ lock: Int) -> Bool { shape.hasRecursion && lock == 0 }

  private func isFree(_ lock: Int, _ mode: LockMode, for thread: Int) -> Bool {
    !threads.indices.contains { other in
      other != thread
        && threads[other].held.contains { $0.lock == lock && mode.waits(for: $0.mode) }
    }
  }

  private mutating func note(_ thread: Int, _ operation: Operation) {
    events.append((thread, operation))
  }

  private mutating func step(_ thread: Int, using generator: inout SeededGenerator) {
    if let waiting = threads[thread].waiting {
      guard waiting.isSignalled, isFree(waiting.lock, .write, for: thread) else { return }
      threads[thread].waiting = nil
      threads[thread].held.append((waiting.lock, .write, 0))
      return note(thread, .wake(lock: waiting.lock))
    }
    guard !threads[thread].isAtBarrier else { return }
    guard threads[thread].budget > 0 else {
      if let last = threads[thread].held.last {
        release(last.lock, thread)
      } else {
        threads[thread].hasEnded = true
      }
      return
    }
    threads[thread].budget -= 1
    switch Int.random(in: 0..<20, using: &generator) {
    case 0..<11: acquire(thread, using: &generator)
    case 11..<13:
      guard threads[thread].held.count > 1 || Bool.random(using: &generator) else { return }
      if let held = threads[thread].held.randomElement(using: &generator) {
        release(held.lock, thread)
      }
    case 13: if shape.hasModes { downgrade(thread) }
    case 14: if shape.hasSpawns { spawnOrJoin(thread, using: &generator) }
    case 15: if shape.hasConditions { waitOrSignal(thread, using: &generator) }
    case 16: if shape.hasSemaphores { takeOrGive(thread, using: &generator) }
    case 17: if shape.hasBarriers { meet(thread) }
    default:
      guard shape.hasData else { return }
      let variable = Int.random(in: 0..<2, using: &generator)
      note(thread, Bool.random(using: &generator) ? .read(variable) : .write(variable))
    }
  }

  private mutating func release(_ lock: Int, _ thread: Int) {
    let index = threads[thread].held.lastIndex { $0.lock == lock }!
    if threads[thread].held[index].reentries > 0 {
      threads[thread].held[index].reentries -= 1
    } else {
      threads[thread].held.remove(at: index)
    }
    note(thread, .release(lock))
  }

  private mutating func acquire(_ thread: Int, using generator: inout SeededGenerator) {
    let lock = Int.random(in: 0..<shape.locks, using: &generator)
    if let index = threads[thread].held.firstIndex(where: { $0.lock == lock }) {
      if isRecursive(lock) {
        threads[thread].held[index].reentries += 1
        note(thread, .acquire(lock, .write, waits: true))
      } else if threads[thread].held[index].mode == .upgradable,
        threads[thread].held.filter({ $0.lock == lock }).count == 1,
        isFree(lock, .write, for: thread)
      {
        threads[thread].held.append((lock, .write, 0))
        note(thread, .acquire(lock, .write, waits: true))
      } else {
        release(threads[thread].held[threads[thread].held.count - 1].lock, thread)
      }
      return
    }
    guard threads[thread].held.count < 3 else {
      return release(threads[thread].held[2].lock, thread)
    }
    var mode = LockMode.write
    if shape.hasModes, !isRecursive(lock) {
      mode = [.write, .write, .read, .recursiveRead].randomElement(using: &generator)!
      if shape.hasUpgrades, Int.random(in: 0..<4, using: &generator) == 0 { mode = .upgradable }
    }
    let waits = !(shape.hasTries && Int.random(in: 0..<4, using: &generator) == 0)
    if isFree(lock, mode, for: thread) {
      threads[thread].held.append((lock, mode, 0))
      note(thread, .acquire(lock, mode, waits: waits))
    } else if waits, Int.random(in: 0..<6, using: &generator) == 0 {
      note(thread, .request(lock, mode))
    }
  }

  private mutating func downgrade(_ thread: Int) {
    let held = threads[thread].held
    guard
      let index = held.firstIndex(where: { hold in
        hold.mode == .write && !isRecursive(hold.lock)
          && held.filter { $0.lock == hold.lock }.count == 1
      })
    else { return }
    threads[thread].held.remove(at: index)
    threads[thread].held.append((held[index].lock, .read, 0))
    note(thread, .downgrade(held[index].lock))
  }

  private mutating func spawnOrJoin(_ thread: Int, using generator: inout SeededGenerator) {
    if let child = threads.indices.first(where: { !threads[$0].hasStarted }) {
      threads[child].hasStarted = true
      note(thread, .spawn(child))
    } else if let other = threads.indices.filter({ threads[$0].hasEnded })
      .randomElement(using: &generator)
    {
      note(thread, .join(other))
    }
  }

  private mutating func waitOrSignal(_ thread: Int, using generator: inout SeededGenerator) {
    let held = threads[thread].held
    if Bool.random(using: &generator),
      let lock = held.first(where: { hold in
        hold.mode == .write && !isRecursive(hold.lock)
          && held.filter { $0.lock == hold.lock }.count == 1
      })?.lock
    {
      threads[thread].held.removeAll { $0.lock == lock }
      threads[thread].waiting = (lock, false)
      return note(thread, .wait(lock: lock))
    }
    let waiting = threads.indices.filter { threads[$0].waiting?.isSignalled == false }
    guard let first = waiting.first else { return }
    let isBroadcast = Bool.random(using: &generator)
    for other in isBroadcast ? waiting : [first] { threads[other].waiting!.isSignalled = true }
    note(thread, isBroadcast ? .broadcast : .signal)
  }

  private mutating func takeOrGive(_ thread: Int, using generator: inout SeededGenerator) {
    let semaphore = Int.random(in: 0..<2, using: &generator)
    if counts[semaphore] > 0, Bool.random(using: &generator) {
      counts[semaphore] -= 1
      note(thread, .take(semaphore))
    } else {
      counts[semaphore] += 1
      note(thread, .give(semaphore))
    }
  }

  private mutating func meet(_ thread: Int) {
    threads[thread].isAtBarrier = true
    note(thread, .barrier)
    let there = threads.indices.filter { threads[$0].isAtBarrier }
    guard there.count == 2 else { return }
    for other in there {
      threads[other].isAtBarrier = false
      note(other, .pass)
    }
  }
}

extension RandomRun {
  /// The run in the text format.
  var text: String {
    var lines = ["# lockgraph-trace 1"]
    if shape.hasRecursion { lines.append("T0 init L0 kind=recursive") }
    if shape.hasSemaphores {
      for (number, count) in permits.enumerated() {
        lines.append("T0 init S\(number) permits=\(count)")
      }
    }
    for (thread, operation) in events {
      let text =
        switch operation {
        case .acquire(let lock, let mode, let waits):
          "acquire L\(lock) \(mode.name)\(waits ? "" : " try")"
        case .release(let lock): "release L\(lock)"
        case .downgrade(let lock): "downgrade L\(lock)"
        case .request(let lock, let mode):
          "request L\(lock) \(mode.name)\nT\(thread) abandon L\(lock)"
        case .spawn(let other): "spawn T\(other)"
        case .join(let other): "join T\(other)"
        case .wait(let lock): "wait C lock=L\(lock)"
        case .wake(let lock): "wake C lock=L\(lock)"
        case .signal: "signal C"
        case .broadcast: "broadcast C"
        case .barrier: "barrier B"
        case .pass: "sleep"
        case .take(let number): "acquire S\(number)"
        case .give(let number): "post S\(number)"
        case .read(let variable): "read x\(variable)"
        case .write(let variable): "write x\(variable)"
        }
      lines.append("T\(thread) \(text)")
    }
    return lines.joined(separator: "\n") + "\n"
  }

  /// What the algorithm is given.
  func execution() -> (execution: Execution, operations: [UInt32: Int]) {
    var builder = ExecutionBuilder()
    for _ in 0..<shape.threads { _ = builder.addThread() }
    for (number, count) in permits.enumerated() {
      builder.setPermits(count, of: UInt32(number))
    }
    for (number, (thread, operation)) in events.enumerated() {
      builder.origin.event = UInt32(number)
      add(operation, of: UInt32(thread), to: &builder)
    }
    let execution = builder.finish()
    var operations: [UInt32: Int] = [:]
    for (number, event) in execution.events.enumerated()
    where event.origin.event != Execution.none {
      operations[UInt32(number)] = Int(event.origin.event)
    }
    return (execution, operations)
  }

  private func add(
    _ operation: Operation, of thread: UInt32, to builder: inout ExecutionBuilder
  ) {
    switch operation {
    case .acquire(let lock, let mode, let waits):
      builder.acquire(
        UInt32(lock), mode, by: thread, isReentrant: isRecursive(lock), waits: waits)
    case .release(let lock): builder.release(UInt32(lock), by: thread)
    case .downgrade(let lock): builder.convert(UInt32(lock), to: .read, by: thread)
    case .request(let lock, let mode): builder.request(UInt32(lock), mode, by: thread)
    case .spawn(let other): builder.spawn(UInt32(other), by: thread)
    case .join(let other): builder.join(UInt32(other), by: thread)
    case .wait(let lock): builder.wait(0, givingUp: UInt32(lock), by: thread)
    case .wake(let lock): builder.wake(having: UInt32(lock), by: thread)
    case .signal: builder.signal(0, isBroadcast: false, by: thread)
    case .broadcast: builder.signal(0, isBroadcast: true, by: thread)
    case .barrier: builder.barrier(0, by: thread)
    case .pass: builder.goOn(thread)
    case .take(let number): builder.take(UInt32(number), by: thread)
    case .give(let number): builder.give(UInt32(number), by: thread)
    case .read(let variable): builder.read(UInt32(variable), by: thread)
    case .write(let variable): builder.write(UInt32(variable), by: thread)
    }
  }
}
