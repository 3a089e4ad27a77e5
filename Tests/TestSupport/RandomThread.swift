import LockGraphEngine

/// What one thread of a random program does, as events and as lines of the text format.
public struct ThreadStep: Sendable {
  public enum Action: Sendable {
    case acquire(AcquisitionOptions, LockMode, subclass: Int, nest: Int?)
    case request(LockMode, subclass: Int)
    case complete, abandon, release, downgrade, wait, wake
    case enter(InterruptContext), leave(InterruptContext)
  }

  public var lock = 0
  public var action: Action

  public func line(thread: String) -> String {
    let name = "l\(lock)"
    switch action {
    case .acquire(let options, let mode, let subclass, let nest):
      var line = "\(thread) acquire \(name) \(mode.name)"
      for option in options.names { line += " \(option)" }
      if subclass > 0 { line += " subclass=\(subclass)" }
      if let nest { line += " nest=l\(nest)" }
      return line
    case .request(let mode, let subclass):
      return "\(thread) request \(name) \(mode.name) subclass=\(subclass)"
    case .complete: return "\(thread) acquire \(name)"
    case .abandon: return "\(thread) abandon \(name) reason=timeout"
    case .release: return "\(thread) release \(name)"
    case .downgrade: return "\(thread) downgrade \(name)"
    case .wait: return "\(thread) wait c lock=\(name)"
    case .wake: return "\(thread) wake c lock=\(name)"
    case .enter(let context): return "\(thread) enter \(context.name)"
    case .leave(let context): return "\(thread) leave \(context.name)"
    }
  }
}

/// The locks of a random program.
public struct RandomLocks: Sendable {
  public var classes: [Int] = []
  public var kinds: [LockKind?] = []
  public var ranks: [Int?] = []

  public init(count: Int, classes classCount: Int, using generator: inout SeededGenerator) {
    for _ in 0..<count {
      classes.append(Int.random(in: 0..<classCount, using: &generator))
      kinds.append([nil, nil, nil, .recursive, .rcu, .mutex].randomElement(using: &generator)!)
      ranks.append(Bool.random(using: &generator) ? nil : Int.random(in: 0...2, using: &generator))
    }
  }

  /// States everything about the locks; each input begins with it.
  public var preamble: String {
    classes.indices.map { lock in
      "main init l\(lock) class=C\(classes[lock])"
        + (kinds[lock].map { " kind=\($0.name)" } ?? "")
        + (ranks[lock].map { " rank=\($0)" } ?? "") + "\n"
    }.joined()
  }
}

/// Steps that a correct recorder could have written of one thread.
public func randomSteps(
  _ count: Int, locks: RandomLocks, contexts: [InterruptContext] = [.hardirq, .softirq, .signal],
  using generator: inout SeededGenerator
) -> [ThreadStep] {
  var steps: [ThreadStep] = []
  var held: [Int] = []
  var frames: [(context: InterruptContext, heldBefore: Int)] = []
  var pending: Int?
  var waiting: Int?
  func chance(_ percent: Int) -> Bool { Int.random(in: 0..<100, using: &generator) < percent }
  while steps.count < count {
    let lock = Int.random(in: locks.classes.indices, using: &generator)
    let mode = LockMode.ofKernel.randomElement(using: &generator)!
    let subclass = chance(15) ? 1 : 0
    if let open = pending {
      steps.append(ThreadStep(lock: open, action: chance(70) ? .complete : .abandon))
      if case .complete = steps.last!.action { held.append(open) }
      pending = nil
    } else if let given = waiting, chance(50) {
      steps.append(ThreadStep(lock: given, action: .wake))
      held.append(given)
      waiting = nil
    } else if held.count > 4 || (!held.isEmpty && chance(40)) {
      let index = chance(70) ? held.count - 1 : Int.random(in: held.indices, using: &generator)
      let action: ThreadStep.Action
      if waiting == nil, held.count(where: { $0 == held[index] }) == 1, chance(10) {
        action = .wait
        waiting = held[index]
      } else {
        action = chance(10) ? .downgrade : .release
      }
      steps.append(ThreadStep(lock: held[index], action: action))
      if case .downgrade = action { continue }
      held.remove(at: held.lastIndex(of: held[index])!)
    } else if chance(6), frames.count < 3 {
      let context = contexts.randomElement(using: &generator)!
      frames.append((context, held.count))
      steps.append(ThreadStep(action: .enter(context)))
    } else if let frame = frames.last, chance(12) {
      frames.removeLast()
      steps.append(ThreadStep(action: .leave(frame.context)))
    } else if chance(15), waiting != lock {
      pending = lock
      steps.append(ThreadStep(lock: lock, action: .request(mode, subclass: subclass)))
    } else if waiting != lock {
      var options: AcquisitionOptions = []
      if chance(12) { options.insert(.try) }
      if chance(8) { options.insert(.unchecked) }
      let nest = !held.isEmpty && chance(15) ? held.randomElement(using: &generator) : nil
      steps.append(
        ThreadStep(lock: lock, action: .acquire(options, mode, subclass: subclass, nest: nest)))
      held.append(lock)
    }
  }
  return steps
}
