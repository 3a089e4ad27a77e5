/// What a request or acquisition says beside its mode.
public struct AcquisitionOptions: OptionSet, Sendable, Hashable {
  /// One bit an option.
  public let rawValue: UInt8
  /// The options of a set of bits.
  @inlinable public init(rawValue: UInt8) { self.rawValue = rawValue }

  /// It could not block.
  @inlinable public static var `try`: AcquisitionOptions { AcquisitionOptions(rawValue: 1 << 0) }
  /// A signal ends the wait.
  @inlinable public static var interruptible: AcquisitionOptions {
    AcquisitionOptions(rawValue: 1 << 1)
  }
  /// A termination request ends the wait.
  @inlinable public static var killable: AcquisitionOptions { AcquisitionOptions(rawValue: 1 << 2) }
  /// The wait ends by itself.
  @inlinable public static var timeout: AcquisitionOptions { AcquisitionOptions(rawValue: 1 << 3) }
  /// Held and visible to the balance rules, never part of the order.
  @inlinable public static var unchecked: AcquisitionOptions {
    AcquisitionOptions(rawValue: 1 << 4)
  }
  /// Nobody else could reach one of the locks at that moment, so it is no side of a deadlock.
  @inlinable public static var exclusive: AcquisitionOptions {
    AcquisitionOptions(rawValue: 1 << 5)
  }

  /// The ways in which a waiter can leave without the lock.
  @inlinable public static var canGiveUp: AcquisitionOptions {
    [.try, .interruptible, .killable, .timeout]
  }

  /// Another tool tells of it and not which thread it was.
  @inlinable package static var anonymous: AcquisitionOptions {
    AcquisitionOptions(rawValue: 1 << 6)
  }
  /// Another tool tells of it and not what else was held.
  @inlinable package static var excerpt: AcquisitionOptions {
    AcquisitionOptions(rawValue: 1 << 7)
  }

  /// What makes one witness of an order another one than its like.
  @inlinable package static var evidence: AcquisitionOptions {
    [.canGiveUp, .exclusive, .anonymous, .excerpt]
  }

  /// The trace format's words for the options that are set, in a fixed order.
  public var names: [String] {
    var names: [String] = []
    if contains(.try) { names.append("try") }
    if contains(.interruptible) { names.append("interruptible") }
    if contains(.killable) { names.append("killable") }
    if contains(.timeout) { names.append("timeout") }
    if contains(.unchecked) { names.append("unchecked") }
    if contains(.exclusive) { names.append("exclusive") }
    return names
  }
}
