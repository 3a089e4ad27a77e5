import CLockGraph

/// A set of locks that follow one order: a node of the order graph.
///
/// Orders are those of classes, so a nesting that one pair of locks shows holds for all pairs of
/// their classes. Without a class or name of its own a lock belongs to the class of the place in
/// the source where it is made, so a million nodes of a tree are one class.
///
/// Thread-safe; making one takes expected O(1) once its name is known.
public struct LockClass: Sendable, Hashable {
  /// What it means that a lock of a class is taken while another one of it is held.
  public enum Nesting: Sendable, Hashable {
    /// A finding, whichever they are: unless ranks or an outer lock say otherwise, the same code
    /// may nest two locks in one order here and in the other there.
    case reported
    /// Nothing but an order of these two locks. A finding is what is nested in a circle: the one in
    /// the other here and the other in the one there, or longer circles, with locks of other
    /// classes or without. For locks that are nested in an order of their own, as a tree's from
    /// parent to child, or two accounts' by their numbers.
    case byInstance
  }

  let number: UInt32

  /// The class of a name; the same for the same name.
  ///
  /// - Parameter nesting: what nestings of two locks of the class mean. A class is judged by
  ///   instance from where that is said of it once, so say it before its locks are used. Each pair
  ///   of locks that a thread nests is judged then, 65,536 nestings at most.
  public init(_ name: String, nesting: Nesting = .reported) {
    number = LockClassRegistry.number(named: name, nesting: nesting)
  }

  /// Its name, as reports print it.
  public var name: String { LockClassRegistry.name(number) }
}

/// The names of lock classes. Under the validator's lock.
enum LockClassRegistry {
  /// By number. Kept once and end to end: a name takes its own length and some 40 bytes.
  nonisolated(unsafe) private static var names = ByteInterner()
  nonisolated(unsafe) private static var byInstance: Set<UInt32> = []
  /// The calls that led to the first lock of each class, of the first classes.
  nonisolated(unsafe) private static var origins: [UInt32: [UInt]] = [:]
  private static let originLimit = 1 << 16

  /// What a class is called that could not be registered: its locks are not ordered.
  static let unknown: UInt32 = 0

  static func number(named name: String, nesting: LockClass.Nesting = .reported) -> UInt32 {
    LockRuntime.withValidatorLock {
      let number = number(registering: name)
      if nesting == .byInstance, byInstance.insert(number).inserted {
        LockRuntime.state?.live.nestByInstance(number)
      }
      return number
    } ?? unknown
  }

  /// Whether nestings of a class's locks are judged by instance. Under the validator's lock.
  static func nestsByInstance(_ number: UInt32) -> Bool { byInstance.contains(number) }

  /// The first lock of a class is made.
  static func noteOrigin(_ number: UInt32) {
    guard let state = LockRuntime.begin(), state.isOn, state.configuration.capturesStacks else {
      return
    }
    let addresses = StackText.addresses(of: LockRuntime.requiredThread)
    LockRuntime.withValidatorLock {
      if origins.count < originLimit { origins[number] = addresses }
    }
  }

  /// The calls that led to the first lock of a class. Under the validator's lock.
  static func origin(named name: String) -> [UInt] {
    var name = name
    return name.withUTF8 { names.find(UnsafeRawBufferPointer($0)) }.flatMap { origins[$0] } ?? []
  }

  /// The class of a place where locks are made.
  static func number(at site: lg_site) -> UInt32 {
    let known = lg_class_at(site.file, site.line, site.column)
    if known != 0 { return known }
    guard let file = site.file else { return unknown }
    let name = "\(String(cString: file)):\(site.line):\(site.column)"
    guard let number = LockRuntime.withValidatorLock({ number(registering: name) }) else {
      return unknown
    }
    lg_class_set(site.file, site.line, site.column, number)
    return number
  }

  private static func number(registering name: String) -> UInt32 {
    var name = name
    return name.withUTF8 { bytes in
      let bytes = UnsafeRawBufferPointer(bytes)
      if let known = names.find(bytes) { return known }
      if names.count == 0 { _ = names.intern("a class that could not be registered") }
      guard names.count < Int(LG_CLASS_MASK) else { return unknown }
      return names.intern(bytes).id
    }
  }

  /// The name of a class. Under the validator's lock; the bytes stay until the next class is
  /// registered.
  static func nameBytes(_ number: UInt32) -> UnsafeRawBufferPointer {
    Int(number) < names.count
      ? names.withBytes(number) { $0 } : UnsafeRawBufferPointer(start: nil, count: 0)
  }

  static func name(_ number: UInt32) -> String {
    LockRuntime.withValidatorLock { String(decoding: nameBytes(number), as: UTF8.self) }
      ?? "class \(number)"
  }
}

/// What is known of single locks beside their words: few have it. Under the validator's lock.
enum LockNames {
  nonisolated(unsafe) private static var ranks: [UInt64: Int64] = [:]

  static func rank(_ number: UInt64) -> Int64? { ranks[number] }

  static func set(rank: Int64, of number: UInt64) {
    _ = LockRuntime.withValidatorLock { ranks[number] = rank }
  }

  static func forget(_ number: UInt64) {
    _ = LockRuntime.withValidatorLock { ranks[number] = nil }
  }

  /// What an instance is called.
  static func text(_ number: UInt64) -> String { "L\(number)" }
}
