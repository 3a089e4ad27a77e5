#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#elseif canImport(Darwin)
  import Darwin
#endif

extension LockValidator {
  /// What the validator does.
  public struct Configuration: Sendable {
    /// What becomes of the program when there is something to report.
    public var response: Response = .report
    /// Where the findings are written as `lockgraph-report/1`: a file anew with each of them and at
    /// the end of the program, anything else once. In this and the other paths `%p` is the number
    /// of the process, and `%%` a percent sign; a second process of a run writes beside the first,
    /// with its number behind the path.
    public var reportPath: String?
    /// Where the orders that were seen are written at the end of the program, as a graph file.
    public var graphPath: String?
    /// Where events are recorded as they happen.
    public var tracePath: String?
    /// Waits longer than this are reported; `nil` if nobody watches.
    public var longestWait: Duration?
    /// For how long locks may be held and waited for. Of several that name a class the one holds
    /// that means it most, as in policies.
    public var limits: [DurationLimit] = []
    /// Whether the calls that led to a lock are kept where an order is new.
    public var capturesStacks = true

    /// Where threads are kept so that a circle of locks closes.
    package var steering: Steering?

    /// A run that is steered, see docs/confirm.md.
    package struct Steering: Sendable {
      /// The file that says where.
      package var path: String
      /// How long a thread is kept, in milliseconds.
      package var pause: UInt64
      /// How long threads are kept in all.
      package var patience: UInt64
    }

    /// Reports findings to standard error.
    public init() {}

    /// What the environment says: `LOCKGRAPH`, `LOCKGRAPH_REPORT`, `LOCKGRAPH_GRAPH`,
    /// `LOCKGRAPH_TRACE`, `LOCKGRAPH_WATCHDOG` (seconds), `LOCKGRAPH_LIMITS` (such as `hold=50ms`),
    /// `LOCKGRAPH_STACKS` (`on`, `off`), and `LOCKGRAPH_CONFIRM`, which `lockdep-check confirm`
    /// sets.
    public static var fromEnvironment: Configuration {
      var configuration = Configuration()
      configuration.readEnvironment()
      return configuration
    }

    private mutating func readEnvironment() {
      func value(_ name: String) -> String? {
        getenv(name).map { String(cString: $0) }.flatMap { $0.isEmpty ? nil : $0 }
      }
      if let word = value("LOCKGRAPH") {
        if let response = Response(rawValue: word) {
          self.response = response
        } else {
          Self.complain("LOCKGRAPH", word, "off, report, abort or trap")
        }
      }
      reportPath = value("LOCKGRAPH_REPORT")
      graphPath = value("LOCKGRAPH_GRAPH")
      tracePath = value("LOCKGRAPH_TRACE")
      steering = value("LOCKGRAPH_CONFIRM").map {
        Steering(
          path: $0, pause: value("LOCKGRAPH_STEER_PAUSE").flatMap { UInt64($0) } ?? 100,
          patience: value("LOCKGRAPH_STEER_PATIENCE").flatMap { UInt64($0) } ?? 5000)
      }
      if let word = value("LOCKGRAPH_WATCHDOG") {
        if let seconds = Double(word), seconds > 0, seconds < 1e9 {
          longestWait = .nanoseconds(Int64(seconds * 1e9))
        } else {
          Self.complain("LOCKGRAPH_WATCHDOG", word, "a number of seconds above 0")
        }
      }
      if let text = value("LOCKGRAPH_LIMITS") {
        if let limits = DurationLimit.all(in: text) {
          self.limits = limits
        } else {
          Self.complain("LOCKGRAPH_LIMITS", text, "limits, as hold=50ms or A* hold=5ms; wait=1s")
        }
      }
      switch value("LOCKGRAPH_STACKS") {
      case nil, "on": break
      case "off": capturesStacks = false
      case let word?: Self.complain("LOCKGRAPH_STACKS", word, "on or off")
      }
    }

    private static func complain(_ variable: String, _ word: String, _ expected: String) {
      writeToStandardError(
        "LockGraph: \(variable)='\(word.withVisibleControls)' is ignored: expected \(expected)\n")
    }
  }

  /// What becomes of the program when there is something to report. Notes are reported and no more.
  public enum Response: String, Sendable, CaseIterable {
    /// Locks are not validated.
    case off
    /// It goes on.
    case report
    /// It ends by `SIGABRT` once the report is out.
    case abort
    /// It stops at a breakpoint trap once the report is out, for a debugger.
    case trap
  }
}
