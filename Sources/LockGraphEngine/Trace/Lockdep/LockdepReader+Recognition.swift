extension TraceFormat {
  /// The kernel's `/proc/lockdep`: lock classes, their dependencies and how they were used.
  public static let lockdep = TraceFormat(named: "lockdep")
  /// The kernel's `/proc/lockdep_chains`: which classes were taken inside one another.
  public static let lockdepChains = TraceFormat(named: "lockdep-chains")
}

extension LockdepReader {
  static var format: TraceFormat { .lockdep }
  static var title: String { "the kernel's /proc/lockdep" }
  static var source: String { "/proc/lockdep" }
  static var traits: TraceTraits { TraceTraits(isKernel: true) }

  static func sureness(of line: UnsafeRawBufferPointer, isFirst: Bool) -> Sureness {
    if line.elementsEqual(header.utf8) { return .certain }
    do throws(LockdepLine.Failure) {
      return try LockdepLine(lockClass: line).usage == nil ? .none : .certain
    } catch {
      return .none
    }
  }
}

extension LockdepReader {
  static func lack(in beginning: InputBeginning) -> String? {
    beginning.bytes.upTo(4096).contains("lock_stat version")
      ? "the kernel's /proc/lock_stat, which counts waits and tells no orders; /proc/lockdep has them"
      : nil
  }
}

extension LockdepChainsReader {
  static var format: TraceFormat { .lockdepChains }
  static var title: String { "the kernel's /proc/lockdep_chains" }
  static var source: String { "/proc/lockdep_chains" }
  static var traits: TraceTraits { TraceTraits(isKernel: true) }

  static func sureness(of line: UnsafeRawBufferPointer, isFirst: Bool) -> Sureness {
    line.elementsEqual(header.utf8) || line.starts(with: chainMark.utf8) ? .certain : .none
  }
}
