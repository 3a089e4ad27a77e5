import CLockGraph

extension LockValidator {
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
    LockRuntime.begin()?.waitForHandler(atMost: limit) ?? false
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
    LockRuntime.begin()?.deliverLateNews()
  }

  /// Writes to standard error, all at once.
  package static func say(_ text: String) { writeToStandardError(text) }

  /// Who waits for which lock now, since when and held by whom, in words; empty if nobody waits.
  package static var openWaits: String { LockRuntime.openWaits }

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
