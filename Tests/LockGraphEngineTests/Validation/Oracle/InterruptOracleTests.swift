import LockGraphEngine
import TestSupport
import Testing

/// What the rules of order and contexts find in programs that ran once, one after the other, is
/// what all interleavings with interrupts can end in: semantics 4 and 11 to 14.
@Suite struct InterruptOracleTests {
  private typealias Locks = [(lock: Int, mode: LockMode)]

  /// How the handlers come and what masks them.
  enum Interrupt: CaseIterable {
    case hardirq, softirq, softirqUnderHardirqMask, signal, nmi

    var context: InterruptContext {
      switch self {
      case .hardirq: .hardirq
      case .softirq, .softirqUnderHardirqMask: .softirq
      case .signal: .signal
      case .nmi: .nmi
      }
    }

    /// What is masked against it; nothing helps against an nmi.
    var mask: InterruptContext {
      self == .softirqUnderHardirqMask || self == .nmi ? .hardirq : context
    }

    func handler(_ locks: [(lock: Int, mode: LockMode)]) -> InterruptProgram {
      InterruptProgram(locks, in: context)
    }

    /// A thread's locks under each choice of those that are taken and held masked.
    func bodies(
      _ locks: [(lock: Int, mode: LockMode)], handOverHand: Bool = true
    ) -> [InterruptProgram] {
      var bodies = [InterruptProgram(locks)]
      for from in locks.indices {
        bodies.append(InterruptProgram(locks, masking: (mask, from)))
      }
      if locks.count == 2, handOverHand {
        // The first lock is given up first, and the second one held on unmasked.
        bodies.append(
          InterruptProgram([
            .mask(mask), .acquire(locks[0].lock, locks[0].mode, isTry: false),
            .acquire(locks[1].lock, locks[1].mode, isTry: false), .release(locks[0].lock),
            .unmask(mask), .release(locks[1].lock),
          ]))
      }
      return bodies
    }
  }

  private static let modes = LockMode.ofKernel
  private static let pairs: [Locks] = [[0, 1], [1, 0]].flatMap { order in
    sequences(of: modes, length: 2).map { Array(zip(order, $0)) }
  }
  private static let singles: [Locks] = [0, 1].flatMap { lock in modes.map { [(lock, $0)] } }

  @Test(arguments: Interrupt.allCases)
  func `One thread's two locks against a handler`(interrupt: Interrupt) throws {
    var deadlocks = 0
    for handler in Self.pairs + Self.singles {
      for body in (Self.pairs + Self.singles).flatMap({ interrupt.bodies($0) }) {
        if try agrees([body, interrupt.handler(handler)], locks: 2) { deadlocks += 1 }
      }
    }
    #expect(deadlocks > 0)
  }

  @Test func `Two threads' two locks against a hardirq handler of one`() throws {
    var deadlocks = 0
    var bodies = (Self.pairs + Self.singles).flatMap {
      Interrupt.hardirq.bodies($0, handOverHand: false)
    }
    while let first = bodies.popLast() {
      for second in bodies {
        for mode in Self.modes {
          let programs = [first, second, Interrupt.hardirq.handler([(0, mode)])]
          if try agrees(programs, locks: 2) { deadlocks += 1 }
        }
      }
    }
    #expect(deadlocks > 0)
  }

  @Test func `Random threads against handlers that interrupt each other`() throws {
    var (deadlocks, free) = (0, 0)
    try withSeeds(0..<500) { generator in
      let locks = Int.random(in: 2...3, using: &generator)
      var programs = (0..<Int.random(in: 1...3, using: &generator)).map { _ in
        randomProgram(locks: locks, context: nil, using: &generator)
      }
      let contexts = Self.contexts.randomElement(using: &generator)!
      for context in contexts where Int.random(in: 0..<4, using: &generator) > 0 {
        programs.append(randomProgram(locks: locks, context: context, using: &generator))
      }
      if try agrees(programs, locks: locks) { deadlocks += 1 } else { free += 1 }
    }
    #expect(deadlocks > 100 && free > 100)
  }

  /// Locks taken one inside the other, masked or not, some of them tried for only; maybe several
  /// such nests.
  private func randomProgram(
    locks: Int, context: InterruptContext?, using generator: inout SeededGenerator
  ) -> InterruptProgram {
    var steps: [InterruptProgram.Step] = []
    let maskable: [InterruptContext] =
      switch context {
      case nil: [.hardirq, .softirq, .signal]
      case .softirq: [.hardirq]
      default: []
      }
    let nests = context == nil && Int.random(in: 0..<4, using: &generator) == 0 ? 2 : 1
    for _ in 0..<nests {
      let order = (0..<locks).shuffled(using: &generator).prefix(
        Int.random(in: 1...(context == nil ? locks : 2), using: &generator))
      var ends: [InterruptProgram.Step] = []
      var masked: Set<InterruptContext> = []
      for lock in order {
        for context in maskable where Bool.random(using: &generator) {
          guard masked.insert(context).inserted else { continue }
          steps.append(.mask(context))
          ends.append(.unmask(context))
        }
        let mode = LockMode.ofKernel.randomElement(using: &generator)!
        steps.append(
          .acquire(lock, mode, isTry: Int.random(in: 0..<8, using: &generator) == 0))
        ends.append(.release(lock))
      }
      steps += ends.reversed()
    }
    return InterruptProgram(steps, in: context)
  }

  /// Handlers that may come together. Masks of hardirqs and of signals are of different worlds, so
  /// those two are not mixed.
  private static let contexts: [[InterruptContext]] = [
    [.hardirq, .softirq], [.hardirq, .hardirq], [.softirq, .softirq], [.signal, .signal],
    [.nmi, .softirq],
  ]

  private static let rules: [Rule] = [
    .lockOrderInversion, .recursiveAcquisition, .contextInversion, .contextOrderInversion,
  ]

  /// Expects that the rules report what the oracle finds, which is returned, and nothing else.
  ///
  /// What is reported may need other locks of the same classes: where a lock is held around both
  /// sides, or by the interrupted thread in a way that keeps the others away.
  private func agrees(_ programs: [InterruptProgram], locks: Int) throws -> Bool {
    let canDeadlock = InterruptOracle.canDeadlock(programs, threads: locks)
    let analysis = try analyze(InterruptProgram.trace(programs))
    let findings = analysis.findings.filter {
      Self.rules.contains($0.rule) && $0.confidence != .excluded
    }
    if canDeadlock {
      #expect(!findings.isEmpty, "\(programs) can deadlock; \(TestContext.description)")
    } else {
      for finding in findings {
        let classes = finding.classes.map { Int($0.utf8.first!) - 65 }
        let others = programs.flatMap { $0.restricted(to: Set(classes)).onOtherLocks(locks: locks) }
        #expect(
          InterruptOracle.canDeadlock(others, threads: Set(classes).count),
          "\(programs) is reported: \(finding.title); \(TestContext.description)")
      }
    }
    return canDeadlock
  }
}
