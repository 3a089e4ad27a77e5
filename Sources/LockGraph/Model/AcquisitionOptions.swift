/// What a request or acquisition says beside its mode.
public struct AcquisitionOptions: OptionSet, Sendable, Hashable {
  /// One bit an option.
  public let rawValue: UInt8
  /// The options of a set of bits.
  @inlinable public init(rawValue: UInt8) { self.rawValue = rawValue }

  /// It could not block.
  public static let `try` = AcquisitionOptions(rawValue: 1 << 0)
  /// A signal ends the wait.
  public static let interruptible = AcquisitionOptions(rawValue: 1 << 1)
  /// A termination request ends the wait.
  public static let killable = AcquisitionOptions(rawValue: 1 << 2)
  /// The wait ends by itself.
  public static let timeout = AcquisitionOptions(rawValue: 1 << 3)
  /// Held and visible to the balance rules, never part of the order.
  public static let unchecked = AcquisitionOptions(rawValue: 1 << 4)
  /// Nobody else could reach one of the locks at that moment, so it is no side of a deadlock.
  public static let exclusive = AcquisitionOptions(rawValue: 1 << 5)

  /// The ways in which a waiter can leave without the lock.
  public static let canGiveUp: AcquisitionOptions = [.try, .interruptible, .killable, .timeout]

  /// What makes one witness of an order another one than its like.
  static let evidence: AcquisitionOptions = [.canGiveUp, .exclusive]

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
