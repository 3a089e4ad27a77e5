/// A thread that waits where its input ends, and who keeps it from going on.
struct StillWaiting: Sendable {
  enum Target: Sendable {
    case lock(LockID, LockClassID, LockMode)
    case end(of: ThreadID)
    /// A condition, by its name where the input tells it, and the lock that was given up for it.
    case condition(String?, givenUp: LockID?)
    case barrier(String)
  }

  /// What has to come to pass before the wait can be over.
  struct Obstacle: Sendable {
    enum Reason: Sendable {
      /// The other thread holds the lock.
      case holds
      /// The other thread held the lock when it ended.
      case ended
      /// The other thread waits for the same lock, for writing.
      case waitsToWrite
      /// The other thread, which is joined, has not ended.
      case lives
    }

    var reason: Reason
    var thread: ThreadID
    /// The lock as the other thread took it, where it did.
    var held: EvidenceStore.HeldRecord?
    /// Where it ended, if it did.
    var end: EndedOwner?
    /// The waits, by their numbers in the record, that must be over before it can give way.
    var waits: [Int] = []
  }

  /// Of many that are in the way so many are kept, those that wait themselves first.
  static let obstacleLimit = 64

  var thread: ThreadID
  var input: UInt32
  var target: Target
  var options: AcquisitionOptions = []
  var place: UInt32
  var stack: UInt32
  var line: UInt64
  var time: Int64?
  /// Everything that it held when it began to wait, the last ones of many.
  var held: [EvidenceStore.HeldRecord]
  /// Empty where nobody in particular is waited for.
  var obstacles: [Obstacle] = []
  var omittedObstacles = 0
  /// Where what it waits for was signalled or posted last; zero if it never was. `nil` if that
  /// cannot be told, or it is waited for like a lock.
  var lastSignal: UInt64?
  /// It waits on a condition and was signalled for sure: what it still waits for is the lock that
  /// it gave up.
  var isSignalled = false

  /// The lock that it cannot go on without, and how it needs it.
  var neededLock: (lock: LockID, mode: LockMode)? {
    switch target {
    case .lock(let lock, _, let mode): (lock, mode)
    case .condition(_, let givenUp?) where isSignalled: (givenUp, .write)
    default: nil
    }
  }
}
