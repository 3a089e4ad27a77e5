import LockGraphEngine

/// Code that takes locks one inside the other: what a thread does, or what a handler does that
/// interrupts threads. It may mask contexts on its way.
public struct InterruptProgram: Sendable, CustomStringConvertible {
  public enum Step: Sendable, Equatable {
    case acquire(Int, LockMode, isTry: Bool)
    case release(Int)
    case mask(InterruptContext)
    case unmask(InterruptContext)

    /// The lock that it takes or gives up.
    public var lock: Int? {
      switch self {
      case .acquire(let lock, _, _), .release(let lock): lock
      case .mask, .unmask: nil
      }
    }

    fileprivate func moved(from old: Int, by distance: Int) -> Step {
      switch self {
      case .acquire(old, let mode, let isTry): .acquire(old + distance, mode, isTry: isTry)
      case .release(old): .release(old + distance)
      default: self
      }
    }
  }

  /// The context of a handler; `nil` for what threads do of themselves.
  public var context: InterruptContext?
  public var steps: [Step]

  public init(_ steps: [Step], in context: InterruptContext? = nil) {
    self.steps = steps
    self.context = context
  }

  /// Locks taken in an order, each in its mode, and given up in reverse order.
  ///
  /// - Parameter masking: from which lock on, while it is held, a context is masked.
  public init(
    _ locks: [(lock: Int, mode: LockMode)], in context: InterruptContext? = nil,
    masking: (context: InterruptContext, from: Int)? = nil
  ) {
    var steps: [Step] = locks.map { .acquire($0.lock, $0.mode, isTry: false) }
    var ends: [Step] = locks.map { .release($0.lock) }
    if let masking {
      steps.insert(.mask(masking.context), at: masking.from)
      ends.insert(.unmask(masking.context), at: masking.from)
    }
    self.init(steps + ends.reversed(), in: context)
  }

  /// The same with some locks only.
  public func restricted(to locks: Set<Int>) -> InterruptProgram {
    InterruptProgram(steps.filter { $0.lock.map(locks.contains) ?? true }, in: context)
  }

  /// The program on each choice of two locks for every one that it takes: itself, and itself with
  /// any of its locks numbered higher by the number of all locks.
  public func onOtherLocks(locks: Int) -> [InterruptProgram] {
    Set(steps.compactMap(\.lock)).sorted().reduce([self]) { programs, lock in
      programs.flatMap { program in
        [
          program,
          InterruptProgram(program.steps.map { $0.moved(from: lock, by: locks) }, in: context),
        ]
      }
    }
  }

  /// What it does when it runs alone, in a thread of its own.
  public func trace(thread: String) -> String {
    var lines = steps.map { step in
      switch step {
      case .acquire(let lock, let mode, let isTry):
        "acquire \(NestedProgram.name(of: lock)) \(mode.name)" + (isTry ? " try" : "")
      case .release(let lock): "release \(NestedProgram.name(of: lock))"
      case .mask(let context): "disable \(context.name)"
      case .unmask(let context): "enable \(context.name)"
      }
    }
    if let context { lines = ["enter \(context.name)"] + lines + ["leave \(context.name)"] }
    return lines.map { "\(thread) \($0)\n" }.joined()
  }

  /// The programs run one after the other.
  public static func trace(_ programs: [InterruptProgram]) -> String {
    writers(of: Set(programs.flatMap(\.steps).compactMap(\.lock)).sorted().map(NestedProgram.name))
      + programs.enumerated().map { $1.trace(thread: "T\($0 + 1)") }.joined()
  }

  public var description: String {
    trace(thread: "").split(separator: "\n").joined(separator: ";")
  }
}
