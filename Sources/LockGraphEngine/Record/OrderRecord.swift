/// What was learned of the order of locks: a value, whether it was learned from events or from
/// graph files.
///
/// The validator writes it, graph files are turned into it and written from it, and the analysis,
/// pictures and running programs read it. It grows with threads and their spawns and joins, locks,
/// classes and dependencies.
struct OrderRecord: Sendable {
  /// How much there was that the rest does not tell.
  struct Counts: Sendable {
    /// Threads that did something or were mentioned.
    var threads = 0
    /// Locks that were used.
    var locks = 0
    /// Findings that were not kept.
    var omittedFindings = 0
  }

  /// What was left out because there was too much of it.
  struct Bounds: Sendable {
    /// A thread held more locks than edges are recorded from.
    var heldStack = false
    /// More nestings of locks whose classes are judged by instance than are kept.
    var instanceOrders = false
    /// More was asked for or waited for by threads whose ends are waited for than is kept.
    var joins = false
    /// Graph files say that dependencies are missing from them.
    var statedDependencies = false
  }

  /// Locks and classes. What is known of a lock's holders at the moment is in their rows too,
  /// though it is of the events and not of the order: an acquisition touches both, and they are in
  /// one line of the cache.
  var table = LockTable()
  var threads = ThreadTable()
  var graph = LockOrderGraph()
  var evidence = EvidenceStore()
  var forkJoin = ForkJoinOrder()
  /// The locks that are held around the lives of threads, by owner of the evidence.
  var lifeGuards: [ThreadLife: [LifeGuard]] = [:]
  var contextMarks = ContextMarkStore()
  var violations = ViolationStore()
  var deadlocks = DeadlockStore()
  var joinInversions = JoinInversionStore()
  /// Who still waits where the inputs end, input by input.
  var stillWaiting: [StillWaiting] = []
  var sharedOwners = SharedOwners()
  var imports = ImportedFacts()
  /// What is known of cycles of inputs whose events are not at hand.
  var cycleVerdicts = CycleVerdicts()
  var counts = Counts()
  /// What a reader should know about an input, by its number.
  var inputRemarks: [(input: UInt32, text: String)] = []
  var bounds = Bounds()
}
