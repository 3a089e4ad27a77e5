/// Decides whether the events of a run, in another order, end in a deadlock of a pattern.
///
/// Three questions, the cheapest first: is there an order that keeps the sections' (a closure), one
/// in which only what the deadlock holds comes last (a sort), and is it impossible (a closure of
/// what every order needs). What is left is searched. Whatever is predicted was replayed.
struct Predictor {
  /// How the pattern can happen.
  struct Witness: Sendable {
    /// The requests that wait for each other, by side.
    var requests: [UInt32]
    /// What happens before them, in order.
    var schedule: [UInt32]
  }

  enum Verdict: Sendable {
    case predicted(Witness)
    /// No order of the events gets there.
    case refuted(Refutation)
    case undecided
  }

  /// Why no order of the events ends in a deadlock.
  struct Refutation: Sendable {
    /// What it rests on beside locks, spawn and join.
    var causes: PrefixClosure.Causes
    /// How the threads come past a request whenever the others come to theirs: from what is
    /// demanded of a thread to what demands it; empty where it takes more than that.
    var steps: [PrefixClosure.Step]
    /// The request that is passed by.
    var request: UInt32
  }

  /// How much may be done for one pattern.
  struct Limits {
    var combinations = 64
    var states = 20_000
    /// Events that all that is searched may have, times its states.
    var searchWork = 20_000_000
  }

  private enum Fixpoint {
    case stays(instances: [Int], closure: PrefixClosure)
    /// The request of a side is always passed by.
    case passes(side: Int, closure: PrefixClosure)
  }

  /// How many events may be looked at for all that is asked; what comes after that is not decided.
  final class Budget {
    /// How often each of its events is looked at to put them in order, and to replay them.
    private static let looks = (order: 4, replay: 2)

    var left = Int.max

    func spend(on order: ScheduleOrder) { left -= Self.looks.order * order.count }
    func spend(onReplayOf schedule: [UInt32]) { left -= Self.looks.replay * schedule.count }
  }

  let execution: Execution
  var limits = Limits()
  let budget = Budget()
  /// The order of the events is that of the run.
  var isConsistent = true

  func decide(_ pattern: DeadlockPattern) -> Verdict {
    guard budget.left > 0 else { return .undecided }
    let groups = pattern.groups.map { execution.requests[$0] }
    if let witness = keepingOrder(pattern, groups) { return .predicted(witness) }
    var search = CombinationSearch(self, pattern, groups, .all)
    switch search.run() {
    case .found(let witness): return .predicted(witness)
    case .unknown: return .undecided
    case .none: break
    }
    guard isConsistent else { return .undecided }
    for causes in [[], .signal] as [PrefixClosure.Causes] {
      var search = CombinationSearch(self, pattern, groups, causes)
      if case .none = search.run() {
        return .refuted(refutation(pattern, groups, causes))
      }
    }
    return .refuted(refutation(pattern, groups, .all))
  }

  /// The deadlock that keeps the order of all sections of a lock, if there is one.
  private func keepingOrder(
    _ pattern: DeadlockPattern, _ groups: [Execution.RequestGroup]
  ) -> Witness? {
    let rule = PrefixClosure.SectionRule(keepsOrder: true)
    guard
      case .stays(let instances, let closure) = fixpoint(
        groups, from: groups.map { _ in 0 }, .all, rule)
    else { return nil }
    let requests = zip(groups, instances).map { $0.events[$1] }
    var order = ScheduleOrder(execution, closure.frontiers)
    budget.spend(on: order)
    guard
      let schedule = order.schedule(
        to: requests, open: execution.openHolds(pattern), causes: .all),
      replays(schedule, to: requests, groups)
    else { return nil }
    return Witness(requests: requests, schedule: schedule)
  }

  private func replays(
    _ schedule: [UInt32], to requests: [UInt32], _ groups: [Execution.RequestGroup]
  ) -> Bool {
    budget.spend(onReplayOf: schedule)
    return execution.replays(schedule, to: requests, groups)
  }

  /// Advances the sides' requests past all that the others' need.
  private func fixpoint(
    _ groups: [Execution.RequestGroup], from start: [Int], _ causes: PrefixClosure.Causes,
    _ rule: PrefixClosure.SectionRule, keepsSteps: Bool = false
  ) -> Fixpoint {
    var instances = start
    var closure = PrefixClosure(
      of: execution, causes: causes, rule: rule, keepsSteps: keepsSteps)
    for (group, instance) in zip(groups, instances) { closure.addRequest(group.events[instance]) }
    // To have a number of each lock costs little.
    defer { budget.left -= closure.work + execution.threadCount + execution.lockCount / 16 }
    while true {
      closure.close()
      if closure.isImpossible { return .passes(side: 0, closure: closure) }
      var isStable = true
      for (side, group) in groups.enumerated()
      where closure.contains(group.events[instances[side]], of: group.thread) {
        isStable = false
        repeat {
          instances[side] += 1
        } while instances[side] < group.events.count
          && closure.contains(group.events[instances[side]], of: group.thread)
        guard instances[side] < group.events.count else {
          return .passes(side: side, closure: closure)
        }
        closure.addRequest(group.events[instances[side]])
      }
      if isStable { return .stays(instances: instances, closure: closure) }
    }
  }

  /// How what every order needs passes a request by.
  private func refutation(
    _ pattern: DeadlockPattern, _ groups: [Execution.RequestGroup],
    _ causes: PrefixClosure.Causes
  ) -> Refutation {
    let rule = PrefixClosure.SectionRule(keepsOrder: false, open: execution.openHolds(pattern))
    let result = fixpoint(
      groups, from: groups.map { _ in 0 }, causes, rule, keepsSteps: true)
    guard case .passes(let side, let closure) = result else {
      return Refutation(causes: causes, steps: [], request: groups[0].events[0])
    }
    let request = groups[side].events[groups[side].events.count - 1]
    return Refutation(
      causes: causes, steps: closure.chain(to: request, of: groups[side].thread), request: request)
  }

  /// Goes through the combinations of a pattern's requests that nothing has ruled out.
  private struct CombinationSearch {
    enum Result {
      case found(Witness)
      case none
      case unknown
    }

    private let predictor: Predictor
    private let pattern: DeadlockPattern
    private let groups: [Execution.RequestGroup]
    private let causes: PrefixClosure.Causes
    private let open: [PrefixClosure.StaysOpen]

    init(
      _ predictor: Predictor, _ pattern: DeadlockPattern, _ groups: [Execution.RequestGroup],
      _ causes: PrefixClosure.Causes
    ) {
      self.predictor = predictor
      self.pattern = pattern
      self.groups = groups
      self.causes = causes
      open = predictor.execution.openHolds(pattern)
    }

    mutating func run() -> Result {
      let rule = PrefixClosure.SectionRule(keepsOrder: false, open: open)
      var queue = [groups.map { _ in 0 }]
      var seen: Set<[Int]> = []
      var left = predictor.limits.combinations
      while let start = queue.popLast() {
        guard
          case .stays(let instances, let closure) = predictor.fixpoint(
            groups, from: start, causes, rule)
        else { continue }
        guard seen.insert(instances).inserted else { continue }
        left -= 1
        guard left > 0, predictor.budget.left > 0 else { return .unknown }
        switch decide(instances, closure.frontiers) {
        case .found(let witness): return .found(witness)
        case .unknown: return .unknown
        case .none: break
        }
        for side in groups.indices where instances[side] + 1 < groups[side].events.count {
          var next = instances
          next[side] += 1
          queue.append(next)
        }
      }
      return .none
    }

    /// Whether one combination can happen.
    private func decide(_ instances: [Int], _ frontiers: [UInt32]) -> Result {
      let execution = predictor.execution
      let requests = zip(groups, instances).map { $0.events[$1] }
      var order = ScheduleOrder(execution, frontiers)
      predictor.budget.spend(on: order)
      if let schedule = order.schedule(to: requests, open: open, causes: causes) {
        if causes != .all || predictor.replays(schedule, to: requests, groups) {
          return .found(Witness(requests: requests, schedule: schedule))
        }
      }
      predictor.budget.spend(on: order)
      if order.schedule(to: requests, open: open, causes: causes, isFree: true) == nil {
        return .none
      }
      if let witness = keepingOthers(requests) { return .found(witness) }
      return search(requests)
    }

    /// With all sections in their order but those of the locks that the deadlock holds.
    private func keepingOthers(_ requests: [UInt32]) -> Witness? {
      let execution = predictor.execution
      var closure = PrefixClosure(
        of: execution, causes: causes,
        rule: PrefixClosure.SectionRule(keepsOrder: true, open: open))
      for request in requests { closure.addRequest(request) }
      closure.close()
      guard !closure.isImpossible,
        zip(groups, requests).allSatisfy({ !closure.contains($1, of: $0.thread) })
      else { return nil }
      var order = ScheduleOrder(execution, closure.frontiers)
      predictor.budget.spend(on: order)
      guard let schedule = order.schedule(to: requests, open: open, causes: causes),
        causes != .all || predictor.replays(schedule, to: requests, groups)
      else { return nil }
      return Witness(requests: requests, schedule: schedule)
    }

    private func search(_ requests: [UInt32]) -> Result {
      let execution = predictor.execution
      guard predictor.budget.left > 0 else { return .unknown }
      let states = min(
        predictor.limits.states, predictor.limits.searchWork / max(1, execution.events.count))
      guard states > 0 else { return .unknown }
      var search = ExhaustiveSearch(
        execution, to: requests, groups, causes: causes, states: states)
      let result = search.run()
      predictor.budget.left -= execution.events.count + 100 * search.visited
      switch result {
      case .none: return .none
      case .unknown: return .unknown
      case .found(let schedule):
        guard causes != .all || predictor.replays(schedule, to: requests, groups) else {
          return .unknown
        }
        return .found(Witness(requests: requests, schedule: schedule))
      }
    }
  }
}

extension PrefixClosure {
  /// From what was demanded of a thread, so that it passes an event by, back to what the closure is
  /// of.
  func chain(to event: UInt32, of thread: UInt32) -> [Step] {
    var chain: [Step] = []
    var target = (event: event, thread: thread)
    // Of each thread the first demand that went so far.
    while let step = steps.first(where: {
      $0.thread == target.thread && ($0.event >= target.event || $0.event == Execution.none)
    }) {
      chain.append(step)
      guard step.demander != Execution.none, chain.count < 64 else { break }
      target = (step.demander, execution.events[Int(step.demander)].thread)
    }
    return chain
  }
}
