import CLockGraph

/// Nestings whose orders are known and whose evidence is laid out when somebody wants it.
///
/// Kept in blocks that never move: most of what a growing array costs is the memory that it touches
/// anew.
struct Backlog: ~Copyable {
  /// A lock that was held or asked for.
  struct Hold {
    var number: UInt64
    var lockClass: UInt32
    var traits: UInt32
    /// The number of the place where it was taken.
    var place: UInt32
    var reentries: UInt32

    /// - Parameter place: the number of the use's place.
    init(_ use: LockUse, place: UInt32, reentries: UInt32 = 0) {
      number = use.number
      (lockClass, traits) = (use.lock.rawValue, use.taking.flags.rawValue)
      (self.place, self.reentries) = (place, reentries)
    }

    /// The use without its place. No lock is said to serialise it: such nestings do not wait.
    var use: LockUse { LockUse(number: number, LockFlags(lockClass), Taking(traits, at: nil)) }
  }

  /// What is kept once a nesting.
  private struct Header {
    var thread: UInt32
    var frameCount: UInt16
    /// Without the one that is asked for.
    var heldCount: UInt16
    var origin: UInt32
    var reserved: UInt32 = 0
  }

  /// In which functions of the stack the locks were made that the thread made of late: for each
  /// hold, the first frame of one that may have; see `LifetimeEvidence`.
  struct Origin {
    var hash: UInt32 = 0
    var starts: [(hold: Int, start: Int)] = []
  }

  /// The bits of a hold's traits that say where its start is, one higher than it; no lock's traits
  /// have them.
  private static let startShift: UInt32 = 24

  private struct Block {
    var start: UnsafeMutableRawPointer
    var used = 0
  }

  /// How many nestings wait at most: to lay out this many takes about a fifth of a second, and the
  /// validator's lock is held meanwhile. Without optimisation it takes ten times as long.
  static let limit = _isDebugAssertConfiguration() ? 1 << 14 : 1 << 17
  private static let blockSize = 1 << 18
  /// With more held a nesting does not wait.
  static let deepest = 1024

  private var blocks: [Block] = []
  private(set) var count = 0

  var isEmpty: Bool { count == 0 }

  /// Whether no rule but that of circles can be broken by a nesting.
  static func mayHold(_ held: UnsafeBufferPointer<lg_held>, _ use: LockUse) -> Bool {
    guard held.count <= deepest, !use.lock.hasRank else { return false }
    // What waits asleep must not be asked for under what spins.
    let mayWaitWrongly = !use.lock.isSpin && !use.taking.flags.isTry
    return held.allSatisfy {
      let lock = LockFlags($0.lock_class)
      return !lock.hasRank && !(mayWaitWrongly && lock.isSpin)
    }
  }

  deinit { for block in blocks { block.start.deallocate() } }

  /// Adds a nesting: what is held, bottom first, and last what is asked for.
  ///
  /// - Parameters:
  ///   - fill: writes the holds.
  ///   - frames: writes addresses of the stack, innermost first, and says how many.
  ///   - origin: is asked after the frames are written.
  mutating func add(
    thread: ThreadID, heldCount: Int, frameLimit: Int, fill: (UnsafeMutablePointer<Hold>) -> Void,
    frames: (UnsafeMutablePointer<UInt>) -> Int, origin: () -> Origin
  ) {
    let holdBytes = (heldCount + 1) * MemoryLayout<Hold>.stride
    let needed = MemoryLayout<Header>.stride + holdBytes + frameLimit * MemoryLayout<UInt>.stride
    if blocks.isEmpty || blocks[blocks.count - 1].used + needed > Self.blockSize {
      blocks.append(
        Block(
          start: .allocate(byteCount: Self.blockSize, alignment: MemoryLayout<UInt64>.alignment)
        ))
    }
    let last = blocks.count - 1
    let start = blocks[last].start + blocks[last].used
    let holds = start + MemoryLayout<Header>.stride
    fill(holds.assumingMemoryBound(to: Hold.self))
    let addresses = (holds + holdBytes).assumingMemoryBound(to: UInt.self)
    let frameCount = frameLimit == 0 ? 0 : frames(addresses)
    let origin = origin()
    let all = holds.assumingMemoryBound(to: Hold.self)
    for (hold, start) in origin.starts { all[hold].traits |= UInt32(start + 1) << Self.startShift }
    start.storeBytes(
      of: Header(
        thread: thread.rawValue, frameCount: UInt16(frameCount), heldCount: UInt16(heldCount),
        origin: origin.hash),
      as: Header.self)
    blocks[last].used += needed - (frameLimit - frameCount) * MemoryLayout<UInt>.stride
    count += 1
  }

  /// Hands out all nestings in the order in which they came, and forgets them.
  mutating func drain(
    _ body: (ThreadID, UnsafeBufferPointer<Hold>, UnsafeBufferPointer<UInt>, Origin) -> Void
  ) {
    guard count > 0 else { return }
    for block in blocks {
      var position = 0
      while position < block.used {
        let header = (block.start + position).load(as: Header.self)
        position += MemoryLayout<Header>.stride
        let holds = UnsafeMutableBufferPointer(
          start: (block.start + position).assumingMemoryBound(to: Hold.self),
          count: Int(header.heldCount) + 1)
        var origin = Origin(hash: header.origin)
        if header.origin != 0 {
          for index in holds.indices where holds[index].traits >> Self.startShift != 0 {
            origin.starts.append((index, Int(holds[index].traits >> Self.startShift) - 1))
            holds[index].traits &= (1 << Self.startShift) - 1
          }
        }
        position += holds.count * MemoryLayout<Hold>.stride
        let frames = UnsafeBufferPointer(
          start: (block.start + position).assumingMemoryBound(to: UInt.self),
          count: Int(header.frameCount))
        position += frames.count * MemoryLayout<UInt>.stride
        body(ThreadID(header.thread), UnsafeBufferPointer(holds), frames, origin)
      }
    }
    for block in blocks.dropFirst() { block.start.deallocate() }
    blocks.removeLast(blocks.count - 1)
    blocks[0].used = 0
    count = 0
  }
}
