import CLockGraph

#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#elseif canImport(Darwin)
  import Darwin
#endif

/// The validator of the running program: what it does with what it finds, and what it knows.
///
/// Locks of this package tell it of every nesting of locks that a thread has not shown before; it holds that against
/// the rules that `lockdep-check` holds traces against, and reports at once, before the thread waits. What it does
/// is set by the environment before the program starts, or here.
///
/// Thread-safe. Findings are delivered on the thread that caused them, where locks can be used and are not
/// validated.
public enum LockValidator {
  /// A finding, as it was made.
  public struct Report: Sendable {
    /// What is wrong.
    public var finding: Finding
    /// The place in the source at which the thread was that caused it: `FILE:LINE:COLUMN` with the file as
    /// `#fileID` tells it. `nil` where no place is known, as at the end of a thread, or if there
    /// was so much to look at that the report was put off.
    public var place: String?
    /// The finding was reported before, and is surer now.
    public var isSurer: Bool
    /// The finding as `lockdep-check` prints it.
    public var text: String
    /// It was put off, and may have been caused on another thread and long ago.
    package var isLate = false

    /// Prints it to standard error, as is done with what nobody else wants.
    package func print() {
      writeToStandardError("LockGraph: \(ProgramName.text), process \(getpid())\n" + text)
    }
  }

  /// What is done; setting it begins anew with what locks do from now on, and is for the start of a program, when no
  /// lock is held.
  public static var configuration: Configuration {
    get { LockRuntime.begin()?.configuration ?? Configuration() }
    set { LockRuntime.replaceState(newValue) }
  }

  /// What is done with findings, instead of printing them to standard error; `nil` prints them.
  ///
  /// Called once for each fingerprint, and again if the finding turns out surer. May use locks.
  public static func setHandler(_ handler: (@Sendable (Report) -> Void)?) {
    LockRuntime.begin()?.setHandler(handler)
  }

  /// Everything that was found since the program began: the analysis that `lockdep-check` would make of a trace of the
  /// program.
  ///
  /// - Complexity: O(classes + dependencies), plus a bounded amount of work for the cycles.
  public static func analysis() -> Analysis? { LockRuntime.begin()?.analysis() }

  /// The findings of `analysis()`.
  public static var findings: [Finding] { analysis()?.findings ?? [] }

  /// How often and how long threads waited for locks of each class that waited at all.
  public static var waitStatistics: [WaitStatistics] {
    LockRuntime.begin()?.waitStatistics() ?? []
  }

  /// Runs something during which nobody else can reach one of the locks that this thread nests: what it
  /// makes and has shown to nobody yet, or what it takes apart.
  ///
  /// What the thread nests in it is judged, and is at most a reason for the grade `ordering`: it could not meet
  /// another thread. Initialisers and deinitialisers that the stack shows need not say so.
  ///
  /// - Parameter body: what is run at once, on this thread.
  /// - Throws: what `body` throws.
  /// - Complexity: O(locks held) beside `body`.
  public static func exclusively<Result: ~Copyable, Failure: Error>(
    _ body: () throws(Failure) -> Result
  ) throws(Failure) -> Result {
    #if Validation
      let thread = LockRuntime.requiredThread
      lg_set_exclusive(thread, true)
      defer { lg_set_exclusive(thread, false) }
    #endif
    return try body()
  }

  /// Calls something with every finding until the observation is given up, whatever becomes of the
  /// configuration.
  ///
  /// - Returns: `nil` if the validator could not be reached for 5 seconds.
  package static func observe(
    _ body: @escaping @Sendable (Report) -> Void
  ) -> Observation? {
    LockRuntime.begin()?.addObserver(body).map(Observation.init)
  }

  /// Reports what was put off because there was much to look at, on this thread, without a place.
  package static func deliverLateNews() {
    guard let state = LockRuntime.begin(), let thread = LockRuntime.currentThread else { return }
    state.deliverLateNews(on: thread, at: nil)
  }

  /// The orders that were seen, as a trace that shows each of them once; `nil` if the validator
  /// could not be reached for 5 seconds.
  ///
  /// - Complexity: O(orders), during which no new order is judged.
  package static func orderTrace() -> [UInt8]? { LockRuntime.begin()?.orderTrace() }

  /// An observer that can be taken away.
  package struct Observation: Sendable {
    private let number: Int
    fileprivate init(_ number: Int) { self.number = number }
    package func end() { LockRuntime.begin()?.removeObserver(number) }
  }

  /// Forgets everything, for tests. No lock may be held or waited for.
  package static func reset(_ configuration: Configuration = Configuration()) {
    LockRuntime.replaceState(configuration)
  }
}

/// How threads waited for the locks of a class.
public struct WaitStatistics: Sendable, Equatable {
  /// The class.
  public var lockClass: String
  /// How many waits there were; an acquisition without one is not counted.
  public var waits: Int = 0
  /// How many of them ended without the lock.
  public var abandoned: Int = 0
  /// How long they took together.
  public var total: Duration = .zero
  /// The longest one.
  public var longest: Duration = .zero
  /// How much of the total was by `lockIO()`.
  public var io: Duration = .zero
}

/// A wait that takes longer than the configuration wants.
struct LongWait {
  var thread: String
  var lockClass: String
  var place: String
  var duration: Duration
  var owners: [String]
  var stack: [String]
}
