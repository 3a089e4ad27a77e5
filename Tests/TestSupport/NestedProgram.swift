import LockGraphEngine

/// A thread that takes some locks one inside the other and gives them up in reverse order.
public struct NestedProgram: Sendable, CustomStringConvertible {
  public struct Step: Sendable {
    public var lock: Int
    public var mode: LockMode

    public init(_ lock: Int, _ mode: LockMode) {
      self.lock = lock
      self.mode = mode
    }
  }

  public var steps: [Step]

  public init(_ steps: [Step]) { self.steps = steps }

  /// The program of locks in an order, each in its mode.
  public init(locks: [Int], modes: [LockMode]) {
    steps = zip(locks, modes).map { Step($0, $1) }
  }

  public static func name(of lock: Int) -> String { String(UnicodeScalar(UInt8(65 + lock))) }

  /// What the program does when it runs alone; a lock that it takes twice, the second time to
  /// upgrade it, it gives up twice.
  public func trace(thread: String) -> String {
    steps.map { "\(thread) acquire \(Self.name(of: $0.lock)) \($0.mode.name)\n" }.joined()
      + steps.reversed().map { "\(thread) release \(Self.name(of: $0.lock))\n" }.joined()
  }

  /// The programs run one after the other.
  ///
  /// - Parameter hasWriters: other code of the program asks for any of the locks.
  public static func trace(_ programs: [NestedProgram], hasWriters: Bool = true) -> String {
    let locks = Set(programs.flatMap(\.steps).map(\.lock)).sorted()
    return (hasWriters ? writers(of: locks.map(name)) : "")
      + programs.enumerated().map { $1.trace(thread: "T\($0 + 1)") }.joined()
  }

  public var description: String {
    steps.map { "\(Self.name(of: $0.lock)):\($0.mode.name)" }.joined(separator: "{")
  }
}
