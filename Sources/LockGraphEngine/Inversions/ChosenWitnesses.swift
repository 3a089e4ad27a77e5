// What the search of a combination has chosen so far: whose the witnesses are and what they hold.
// The last one in is the first one out.

/// To look at so many is cheaper than a look-up; most cycles are short.
private let few = 16

/// The threads of the chosen witnesses.
struct ChosenThreads {
  private var owners: [ThreadLife] = []
  /// How often each is there, once there are more than a few.
  private var counts: [ThreadLife: Int]?

  mutating func append(_ owner: ThreadLife) {
    owners.append(owner)
    if counts != nil {
      counts![owner, default: 0] += 1
    } else if owners.count > few {
      counts = owners.reduce(into: [:]) { $0[$1, default: 0] += 1 }
    }
  }

  mutating func removeLast() {
    let owner = owners.removeLast()
    if counts != nil { counts![owner]! -= 1 }
  }

  func contains(_ owner: ThreadLife) -> Bool {
    guard let counts else { return owners.contains(owner) }
    return counts[owner, default: 0] > 0
  }
}

/// The locks that the chosen witnesses hold, to find out whether another one can hold its own
/// besides.
struct ChosenLocks {
  private struct Hold {
    var lock: LockID
    var isGate: Bool
    var isUpgradable: Bool

    init(_ held: EvidenceStore.HeldRecord) {
      lock = held.lock
      isGate = held.isGate
      isUpgradable = held.mode == .upgradable
    }

    func excludes(_ other: Hold) -> Bool {
      isGate || other.isGate || isUpgradable && other.isUpgradable
    }
  }

  private var holds: [Hold] = []
  /// How many of them were there before each witness.
  private var starts: [Int] = []
  /// How often each is held, once there are more than a few.
  private var counts: [LockID: (all: Int, exclusive: Int, upgradable: Int)]?

  mutating func append(_ held: [EvidenceStore.HeldRecord]) {
    starts.append(holds.count)
    for lock in held {
      holds.append(Hold(lock))
      if counts != nil { count(holds[holds.count - 1], 1) }
    }
    if counts == nil, holds.count > few {
      counts = [:]
      for hold in holds { count(hold, 1) }
    }
  }

  mutating func removeLast() {
    let start = starts.removeLast()
    if counts != nil {
      for hold in holds[start...] { count(hold, -1) }
    }
    holds.removeSubrange(start...)
  }

  private mutating func count(_ hold: Hold, _ sign: Int) {
    counts![hold.lock, default: (0, 0, 0)].all += sign
    if hold.isGate { counts![hold.lock]!.exclusive += sign }
    if hold.isUpgradable { counts![hold.lock]!.upgradable += sign }
  }

  /// Whether a lock of these is held already, by either side exclusively or by both upgradably.
  func excludes(_ held: [EvidenceStore.HeldRecord]) -> Bool {
    held.contains { record in
      let hold = Hold(record)
      guard let counts else {
        return holds.contains { $0.lock == hold.lock && $0.excludes(hold) }
      }
      guard let other = counts[hold.lock] else { return false }
      return hold.isGate
        ? other.all > 0 : other.exclusive > 0 || hold.isUpgradable && other.upgradable > 0
    }
  }
}
