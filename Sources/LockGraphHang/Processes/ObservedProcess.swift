/// A process as it is found, living or in a core file: its memory, and what its threads do.
///
/// Nothing of it is changed or stopped by looking. Not thread-safe.
package protocol ObservedProcess: AnyObject {
  /// The number that the system gave it, as seen from here; zero if a core does not tell.
  var identifier: Int32 { get }
  /// The program's short name.
  var name: String { get }
  var architecture: Architecture { get }
  /// What is in the address space, by rising addresses.
  var mappings: [MemoryMapping] { get }
  /// Its threads as they are now, by rising numbers.
  ///
  /// - Parameter known: threads as they were before, by their numbers, and what tells whether they
  ///   have run since. Who is in the same call may be told as it was.
  func threads(since known: [Int32: ObservedThread]) -> [ObservedThread]
  /// What shows later whether its threads have run meanwhile.
  func pulses() -> [Int32: Pulse]
  /// The same of one thread; `nil` if it has ended.
  func pulse(of thread: Int32) -> Pulse?
  /// Where the mutexes are that the system was told to unlock if a thread ends: those that it
  /// holds, and one that it may just be about to take. Empty where that is not known.
  func robustLocks(of thread: Int32) -> [UInt64]
  /// Reads memory as far as it can be read: what is returned may be shorter than `count`.
  func read(_ address: UInt64, _ count: Int) -> [UInt8]
  /// The parts of a mapping that have content of their own; what is left out is zero, or is as the
  /// file has it.
  func populated(_ mapping: MemoryMapping) -> [Range<UInt64>]
  /// The program or library of a mapping; `nil` where it cannot be had or is another one.
  func file(of mapping: MemoryMapping) -> ModuleFile?
}

/// What a processor is called, and where its numbers lie.
package enum Architecture: Sendable {
  case x86_64, arm64

  /// `e_machine` of ELF files.
  init?(machine: UInt16) {
    switch machine {
    case 62: self = .x86_64
    case 183: self = .arm64
    default: return nil
    }
  }
}

/// A part of an address space that is of one piece.
package struct MemoryMapping: Sendable {
  var start: UInt64
  var end: UInt64
  /// Where in the file it begins.
  var fileOffset: UInt64
  var isReadable: Bool
  var isWritable: Bool
  var isExecutable: Bool
  /// Other processes see what is written.
  var isShared: Bool
  /// Device and inode, which tell files apart; empty for what is of no file.
  var identity: String
  /// The path as the process sees it, or a name in brackets.
  var path: String

  var size: UInt64 { end - start }
  var isOfFile: Bool { path.hasPrefix("/") && !identity.isEmpty }
}

/// A thread as it was when it was looked at.
package struct ObservedThread: Sendable {
  /// Its number as seen from here.
  package var identifier: Int32
  /// Its number in its own namespace, which is what lock words hold.
  package var ownIdentifier: Int32
  package var name: String
  package var activity: Activity
  /// Taken after the activity was seen, so that what is the same since an earlier look was so for
  /// all of that time; `nil` for what does not run.
  var pulse: Pulse?
  /// Registers by their DWARF numbers, as far as they are known.
  var registers = Registers()

  package enum Activity: Equatable, Sendable {
    /// On a processor, or ready to be.
    case running
    case inSystemCall(SystemCall)
    /// Sleeps otherwise: for a page of memory, or stopped by a signal or a debugger.
    case asleep
    /// Ended, and not yet taken off the list.
    case ended
    /// The system does not say; the error number.
    case unreadable(Int32)
  }

  /// Whether it has not run since an earlier look, and so is where it was.
  func isSame(as earlier: ObservedThread) -> Bool {
    pulse != nil && pulse == earlier.pulse && activity == earlier.activity
  }
}

/// What is the same at two looks if a thread has not run between them.
package enum Pulse: Equatable, Sendable {
  /// How long it ran, how long it waited for a processor, and how often it was given one.
  case scheduled(ran: UInt64, waited: UInt64, times: UInt64)
  /// How often it gave up its processor, and what it does, where the kernel counts no more.
  case seen(switches: UInt64, ObservedThread.Activity)
}

extension ObservedProcess {
  package func threads() -> [ObservedThread] { threads(since: [:]) }
  package func pulses() -> [Int32: Pulse] { [:] }
  package func pulse(of thread: Int32) -> Pulse? { nil }
  package func robustLocks(of thread: Int32) -> [UInt64] { [] }
}

/// A system call that a thread is in.
package struct SystemCall: Equatable, Sendable {
  var number: Int
  /// Always six.
  var arguments: [UInt64]
  var stackPointer: UInt64
  var programCounter: UInt64
}

/// Registers by their DWARF numbers.
struct Registers: Equatable, Sendable {
  private static let count = 34

  /// Empty, or of all registers.
  private var values: [UInt64] = []
  /// A bit for each that is known.
  private var known: UInt64 = 0

  var isEmpty: Bool { known == 0 }

  subscript(number: Int) -> UInt64? {
    get {
      guard number >= 0, number < Self.count, known >> number & 1 != 0 else { return nil }
      return values[number]
    }
    set {
      guard number >= 0, number < Self.count else { return }
      if values.isEmpty { values = [UInt64](repeating: 0, count: Self.count) }
      // Those that are not known are zero, so that what is the same is equal.
      values[number] = newValue ?? 0
      known = newValue == nil ? known & ~(1 << number) : known | 1 << number
    }
  }

  static func == (left: Registers, right: Registers) -> Bool {
    left.known == right.known && (left.known == 0 || left.values == right.values)
  }
}

extension ObservedProcess {
  func word(_ address: UInt64) -> UInt64? { number(address, UInt64.self) }
  func half(_ address: UInt64) -> UInt32? { number(address, UInt32.self) }

  private func number<Number: FixedWidthInteger>(_ address: UInt64, _: Number.Type) -> Number? {
    let bytes = read(address, MemoryLayout<Number>.size)
    guard bytes.count == MemoryLayout<Number>.size else { return nil }
    return bytes.withUnsafeBytes { Number(littleEndian: $0.loadUnaligned(as: Number.self)) }
  }

  /// The text that ends with a zero, if there is one of printable characters.
  func text(_ address: UInt64, limit: Int = 128) -> String? {
    let bytes = read(address, limit)
    guard let end = bytes.firstIndex(of: 0),
      bytes[..<end].allSatisfy({ $0 >= 0x20 && $0 != 0x7F })
    else { return nil }
    return String(validating: bytes[..<end], as: UTF8.self)
  }

  /// The mapping that an address is in.
  ///
  /// - Complexity: O(log *n*) in the number of mappings.
  func mapping(at address: UInt64) -> MemoryMapping? {
    let mappings = mappings
    var (low, high) = (0, mappings.count)
    while low < high {
      let middle = (low + high) / 2
      if mappings[middle].start <= address { low = middle + 1 } else { high = middle }
    }
    guard low > 0, address < mappings[low - 1].end else { return nil }
    return mappings[low - 1]
  }
}
