/// The locks of a recording while it is read: which of those that were at an address is there now.
struct RecordedLocks: ~Copyable {
  /// A lock as events number it, with what was found out of it.
  struct Lock {
    var number: UInt32
    /// Made by the system and not by the program: left out.
    var isOfSystem: Bool
    /// Sealing found a name for it, so that it is known by more than where it was made.
    var isNamed = false
    /// The class that sealing found, in bytes that last as long as the table.
    var lockClass: UnsafeRawBufferPointer?
    /// What it is called in every process that has it, likewise.
    var sharedClass: UnsafeRawBufferPointer?
  }

  private struct Place {
    /// How many inits there were.
    var generation: UInt32 = 0
    var lock: Lock?
  }

  private let tables: RecordingTables
  private var table = PairTable(minimumCapacity: 64)
  private var places: [Place] = []
  private var names = Set<String>()
  private var classes: [String: UnsafeMutableRawBufferPointer] = [:]
  /// The numbers that were given out.
  private(set) var count: UInt32 = 0

  init(_ tables: RecordingTables) { self.tables = tables }

  deinit {
    for bytes in classes.values { bytes.deallocate() }
  }

  /// The number that stands for an address here.
  @inline(__always)
  mutating func index(of address: UInt64) -> Int {
    let (high, low) = (UInt32(address >> 32), UInt32(truncatingIfNeeded: address))
    if let index = table.value(high, low) { return Int(index) }
    table.insert(high, low, value: UInt32(places.count))
    places.append(Place())
    return places.count - 1
  }

  /// Another lock comes into being at an address.
  mutating func renew(_ index: Int) {
    places[index].generation &+= 1
    places[index].lock = nil
  }

  /// The lock at an address, if something is known of it.
  @inline(__always)
  func lock(at index: Int) -> Lock? { places[index].lock }

  /// Makes a lock, and announces it unless it is left out.
  ///
  /// - Parameter mayBeShared: whether it may be one that other processes know; of a semaphore
  ///   nobody can tell whether one of them gives it back.
  @inline(never)
  mutating func make(
    _ address: UInt64, at index: Int, isOfSystem: Bool, mayBeShared: Bool,
    announce: (UInt32, UnsafeRawBufferPointer) -> Void
  ) -> Lock {
    var lock = Lock(number: .max, isOfSystem: isOfSystem)
    if !isOfSystem {
      let generation = places[index].generation
      let known = tables.lockNames[.init(address: address, generation: generation)]
      lock.isNamed = known != nil
      lock.lockClass = known.flatMap { $0.lockClass.isEmpty ? nil : classBytes($0.lockClass) }
      var name: String
      // Of another lock at the same place other processes know nothing.
      if mayBeShared, generation <= 1, let place = tables.sharedPlace(of: address) {
        name = share(&lock, place) ?? self.name(known, address, generation)
      } else {
        name = self.name(known, address, generation)
      }
      lock.number = count
      count += 1
      name.withUTF8 { announce(lock.number, UnsafeRawBufferPointer($0)) }
    }
    places[index].lock = lock
    return lock
  }

  /// Makes it the lock that other processes have, too. Where its name lasts, that is its class;
  /// else it has none, like other locks that a run numbers, so that findings go by places.
  ///
  /// - Returns: its name; `nil` if the process has it at another address already.
  private mutating func share(_ lock: inout Lock, _ place: RecordingTables.SharedPlace) -> String? {
    let isFirst = names.insert(place.name).inserted
    if place.isLasting || !isFirst {
      lock.sharedClass = classBytes(place.name)
    } else {
      // Processes make and use it at different places, none of which is to be its class.
      lock.isNamed = true
      lock.lockClass = nil
    }
    return isFirst ? place.name : nil
  }

  /// A name that no other lock has: its own, else with its address, else with which one there it
  /// is.
  private mutating func name(
    _ known: RecordingTables.LockName?, _ address: UInt64, _ generation: UInt32
  ) -> String {
    let hexadecimal = "0x" + String(address, radix: 16)
    var candidates: [String] = []
    if let known, !known.name.isEmpty {
      // Locks of many objects have one member path.
      if known.name != known.lockClass || known.source == .symbol || known.source == .label {
        candidates.append(known.name)
      }
      candidates.append("\(known.name)@\(hexadecimal)")
    } else if let label = tables.labels[address], !label.isEmpty {
      candidates.append(label)
      candidates.append("\(label)@\(hexadecimal)")
    } else {
      candidates.append(hexadecimal)
    }
    candidates.append("\(candidates.last!)#\(generation + 1)")
    for candidate in candidates where names.insert(candidate).inserted { return candidate }
    var number = 2
    while !names.insert("\(candidates.last!).\(number)").inserted { number += 1 }
    return "\(candidates.last!).\(number)"
  }

  private mutating func classBytes(_ name: String) -> UnsafeRawBufferPointer {
    if let known = classes[name] {
      return UnsafeRawBufferPointer(rebasing: known[..<name.utf8.count])
    }
    let bytes = UnsafeMutableRawBufferPointer.allocate(
      byteCount: max(1, name.utf8.count), alignment: 1)
    bytes.copyBytes(from: name.utf8)
    classes[name] = bytes
    return UnsafeRawBufferPointer(rebasing: bytes[..<name.utf8.count])
  }
}
