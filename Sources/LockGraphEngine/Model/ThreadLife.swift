/// One life of a thread: its name may come back as another thread.
package struct ThreadLife: Hashable, Sendable {
  /// In one word, which is what is compared and hashed.
  private var packed: UInt64

  package init(number: UInt32 = 0, life: UInt32 = 0) {
    packed = UInt64(number) << 32 | UInt64(life)
  }

  package init(_ thread: ThreadID, life: UInt32 = 0) {
    self.init(number: thread.rawValue, life: life)
  }

  /// Of a number of its own, from zero, that no thread has.
  static func stranger(_ number: Int) -> ThreadLife {
    ThreadLife(number: .max, life: .max - UInt32(number))
  }

  /// The thread's number.
  package var number: UInt32 {
    get { UInt32(packed >> 32) }
    set { self = ThreadLife(number: newValue, life: life) }
  }

  /// Which of the lives under that number it is.
  package var life: UInt32 {
    get { UInt32(truncatingIfNeeded: packed) }
    set { self = ThreadLife(number: number, life: newValue) }
  }
}

extension ThreadLife: Comparable {
  package static func < (one: ThreadLife, other: ThreadLife) -> Bool { one.packed < other.packed }
}
