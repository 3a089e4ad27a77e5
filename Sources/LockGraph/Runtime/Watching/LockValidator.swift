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
/// Locks of this package tell it of every nesting of locks that a thread has not shown before; it
/// holds that against the rules that `lockdep-check` holds traces against, and reports at once,
/// before the thread waits. What it does is set by the environment before the program starts, or
/// here.
///
/// Thread-safe. Findings are printed on the thread that caused them. A handler is called on a
/// thread of its own, which holds none of the program's locks, so it can use all of them; what it
/// does with them is not validated.
public enum LockValidator {
  /// A finding, as it was made.
  public struct Report: Sendable {
    /// What is wrong.
    public var finding: Finding
    /// The place in the source at which the thread was that caused it: `FILE:LINE:COLUMN` with the
    /// file as `#fileID` tells it. `nil` where no place is known, as at the end of a thread.
    public var place: String?
    /// The name of that thread, as the finding's evidence has it.
    public var thread: String
    /// The finding was reported before, and is surer now.
    public var isSurer: Bool
    /// The finding as `lockdep-check` prints it.
    public var text: String
    /// It was put off, and is not told on the thread that caused it.
    package var isLate = false
    /// Whose it is, by the numbers that `LockValidator.attribute(to:)` was given; 0 is nobody.
    package var scope: UInt64 = 0
    /// It stands in standard error already.
    package private(set) var isPrinted = false

    /// Prints it to standard error, as is done with what nobody else wants. Does so once.
    package mutating func print() {
      guard !isPrinted else { return }
      isPrinted = true
      writeToStandardError("LockGraph: \(ProgramName.text), process \(getpid())\n" + text)
    }
  }

  /// What is done; setting it begins anew with what locks do from now on, and is for the start of a
  /// program, when no lock is held.
  public static var configuration: Configuration {
    get { LockRuntime.begin()?.configuration ?? Configuration() }
    set { LockRuntime.replaceState(newValue) }
  }

  /// What is done with findings, instead of printing them to standard error; `nil` prints them.
  ///
  /// Called once for each fingerprint, and again if the finding turns out surer, in the order in
  /// which they are found, one at a time. The handler runs on a thread that is there for it alone
  /// and may use any lock, also one that is held where the finding was caused: it waits then until
  /// that thread gives it up, and the others go on meanwhile.
  ///
  /// At the end of the program, and before `LOCKGRAPH=abort` or `trap` ends it, the handler is
  /// given up to 5 seconds to take what was found. What it has not taken by then goes to standard
  /// error, at once if it waits for a lock that the ending thread holds; so does everything if
  /// there can be no more threads. A handler that takes the place of another one is called with
  /// what is found from then on. The child of a fork has a thread of its own for it, and nothing of
  /// what its parent found.
  public static func setHandler(_ handler: (@Sendable (Report) -> Void)?) {
    LockRuntime.begin()?.setHandler(handler)
  }

  /// Waits until the handler has been called with everything that was found so far, and has
  /// returned.
  ///
  /// - Returns: false if that took longer than it may, or could take for ever: the handler itself
  ///   asks, or waits for a lock that this thread holds.
  @discardableResult
  public static func waitForHandler(atMost limit: Duration = .seconds(5)) -> Bool {
    guard let state = LockRuntime.begin(), let thread = LockRuntime.currentThread else {
      return false
    }
    state.deliverLateNews(on: thread, at: nil)
    return FindingDelivery.shared.wait(
      on: thread, until: WaitPolicy.timeout(limit).deadline)
  }

  /// Everything that was found since the program began: the analysis that `lockdep-check` would
  /// make of a trace of the program.
  ///
  /// - Complexity: O(classes + dependencies), plus a bounded amount of work for the cycles.
  public static func analysis() -> Analysis? { LockRuntime.begin()?.analysis() }

  /// The findings of `analysis()`.
  public static var findings: [Finding] { LockRuntime.begin()?.findings() ?? [] }

  /// How often and how long threads waited for locks of each class that waited at all.
  public static var waitStatistics: [WaitStatistics] {
    LockRuntime.begin()?.waitStatistics() ?? []
  }

  /// Runs something during which nobody else can reach one of the locks that this thread nests:
  /// what it makes and has shown to nobody yet, or what it takes apart.
  ///
  /// What the thread nests in it is judged, and is at most a reason for the grade `ordering`: it
  /// could not meet another thread. Initialisers and deinitialisers that the stack shows need not
  /// say so.
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

  /// Says from now on whose the events are that code makes, whatever becomes of the configuration:
  /// a number above 0, which the reports of what they cause carry, or 0 for nobody.
  ///
  /// - Parameter current: called on the thread that makes an event; must use no lock.
  package static func attribute(to current: @escaping @Sendable () -> UInt64) {
    LockRuntime.begin()?.setScope(current)
  }

  /// What this thread still does where `attribute(to:)` names nobody, as at its end, is somebody's.
  package static func attributeRest(to scope: UInt64) {
    if let thread = lg_current() { lg_set_scope(thread, scope) }
  }

  /// Reports what was put off because there was much to look at, and waits until other threads have
  /// told what they found before, for up to 5 seconds.
  package static func deliverLateNews() {
    guard let state = LockRuntime.begin(), let thread = LockRuntime.currentThread else { return }
    state.deliverLateNews(on: thread, at: nil)
    state.waitForDeliveries(thread)
  }

  /// Writes to standard error, all at once.
  package static func say(_ text: String) { writeToStandardError(text) }

  /// Who waits for which lock now, since when and held by whom, in words; empty if nobody waits.
  package static var openWaits: String { LockRuntime.openWaits().map(\.text).joined() }

  /// The orders that were seen, as a graph file; `nil` if the validator could not be reached for 5
  /// seconds.
  ///
  /// - Complexity: O(orders × log orders), and a search for potential deadlocks.
  package static func graphFile() -> [UInt8]? { LockRuntime.begin()?.graphFile() }

  /// An observer that can be taken away.
  package struct Observation: Sendable {
    private let number: Int
    fileprivate init(_ number: Int) { self.number = number }
    package func end() { LockRuntime.begin()?.removeObserver(number) }
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
