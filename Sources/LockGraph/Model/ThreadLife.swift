/// One life of a thread: its name may come back as another thread.
struct ThreadLife: Hashable, Sendable {
  /// In one word, which is what is compared and hashed.
  private var packed: UInt64

  init(number: UInt32 = 0, life: UInt32 = 0) {
    packed = UInt64(number) << 32 | UInt64(life)
  }

  /// - Parameter owner: as in `EvidenceStore.Record.owner`.
  init(owner: UInt64) { packed = owner }

  /// The thread's number.
  var number: UInt32 {
    get { UInt32(packed >> 32) }
    set { self = ThreadLife(number: newValue, life: life) }
  }

  /// Which of the lives under that number it is.
  var life: UInt32 {
    get { UInt32(truncatingIfNeeded: packed) }
    set { self = ThreadLife(number: number, life: newValue) }
  }
}

extension ThreadLife: Comparable {
  static func < (one: ThreadLife, other: ThreadLife) -> Bool { one.packed < other.packed }
}
