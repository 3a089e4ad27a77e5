import CLockGraph

/// The names of lock classes. Under the validator's lock.
@usableFromInline
package enum LockClassRegistry {
  /// By number. Kept once and end to end: a name takes its own length and some 40 bytes.
  nonisolated(unsafe) private static var names = ByteInterner()
  nonisolated(unsafe) private static var byInstance: Set<UInt32> = []
  /// The calls that led to the first lock of each class, of the first classes.
  nonisolated(unsafe) private static var origins: [UInt32: [UInt]] = [:]
  private static let originLimit = 1 << 16

  /// What a class is called that could not be registered: its locks are not ordered.
  @inlinable package static var unknown: UInt32 { 0 }

  package static func number(named name: String, nestsByInstance: Bool = false) -> UInt32 {
    LockRuntime.withValidatorLock {
      let number = number(registering: name)
      if nestsByInstance, byInstance.insert(number).inserted {
        LockRuntime.state?.live.nestByInstance(number)
      }
      return number
    } ?? unknown
  }

  /// Whether nestings of a class's locks are judged by instance. Under the validator's lock.
  static func nestsByInstance(_ number: UInt32) -> Bool { byInstance.contains(number) }

  /// The first lock of a class is made.
  package static func noteOrigin(_ number: UInt32) {
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
  @inlinable @inline(__always)
  package static func number(at site: lg_site) -> UInt32 {
    let known = lg_class_at(site.file, site.line, site.column)
    return known != 0 ? known : number(registering: site)
  }

  @usableFromInline @inline(never)
  package static func number(registering site: lg_site) -> UInt32 {
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

  package static func name(_ number: UInt32) -> String {
    LockRuntime.withValidatorLock { String(decoding: nameBytes(number), as: UTF8.self) }
      ?? "class \(number)"
  }
}

/// What is known of single locks beside their words: few have it. Under the validator's lock.
package enum LockNames {
  nonisolated(unsafe) private static var ranks: [UInt64: Int64] = [:]

  static func rank(_ number: UInt64) -> Int64? { ranks[number] }

  package static func set(rank: Int64, of number: UInt64) {
    _ = LockRuntime.withValidatorLock { ranks[number] = rank }
  }

  static func forget(_ number: UInt64) {
    _ = LockRuntime.withValidatorLock { ranks[number] = nil }
  }

  /// What an instance is called.
  static func text(_ number: UInt64) -> String { "L\(number)" }
}
