/// One event of the kernel's tracepoints, cut into its parts: what the text of the tracer, of
/// trace-cmd and of perf have in common. Each family of layouts has an initialiser of its own.
struct KernelEventLine {
  enum Event {
    case acquire, acquired, contended, release
    /// A wait is over. It carries the address of another structure, so that of it only the task and
    /// how the wait ended are of use.
    case contentionEnd
    /// Of no interest: no lock events, and contention_begin, which comes without a wait too.
    case other
  }

  var task: UnsafeRawBufferPointer
  var pid: UInt32
  var cpu: UInt32
  var columns = KernelStateColumns.absent
  var event: Event
  var rest: UnsafeRawBufferPointer
  /// Where `rest` begins, in bytes from one.
  var restColumn: Int
  /// As written, with its unit; empty if the line has none.
  var time: UnsafeRawBufferPointer

  /// Reads from the event's name on, which is at `position`; `nil` if there is none.
  @inline(__always)
  init?(
    _ line: UnsafeRawBufferPointer, _ base: UnsafeRawPointer, _ head: Head, time: Range<Int>,
    at start: Int
  ) {
    var position = start
    event = Self.event(base, line.count, &position)
    if event == .other {
      while position < line.count, line[position] != UInt8(ascii: ":") { position += 1 }
      guard position > start, position < line.count else { return nil }
      if line[start..<position].elementsEqual("contention_end".utf8) { event = .contentionEnd }
      position = min(position + 2, line.count)
    }
    while position < line.count, line[position] == UInt8(ascii: " ") { position += 1 }
    var end = line.count
    while end > position, line[end - 1] == UInt8(ascii: " ") { end -= 1 }
    rest = UnsafeRawBufferPointer(start: base + position, count: end - position)
    restColumn = position + 1
    task = UnsafeRawBufferPointer(rebasing: line[head.task])
    pid = head.pid
    cpu = head.cpu
    columns = head.columns
    self.time = UnsafeRawBufferPointer(rebasing: line[time])
  }

  /// What precedes the time.
  struct Head {
    var task: Range<Int>
    var pid: UInt32 = 0
    var cpu: UInt32 = 0
    var columns = KernelStateColumns.absent
    /// Behind it.
    var end = 0
  }

  /// Reads a number that something follows.
  @inline(__always)
  static func number(
    _ base: UnsafeRawPointer, _ count: Int, _ position: inout Int, _ value: inout UInt32
  ) -> Bool {
    let start = position
    while position < count {
      let digit = base.load(fromByteOffset: position, as: UInt8.self) &- 0x30
      guard digit < 10 else { break }
      value = value &* 10 &+ UInt32(digit)
      position += 1
    }
    return position > start && position - start < 10 && position < count
  }

  /// Reads the name of a lock event, its colon and the blank behind it.
  @inline(__always)
  static func event(
    _ base: UnsafeRawPointer, _ count: Int, _ position: inout Int
  ) -> Event {
    guard position + 15 < count else { return .other }
    let first = (base + position).loadUnaligned(as: UInt64.self)
    let second = (base + position + 8).loadUnaligned(as: UInt64.self)
    switch first {
    case Word.lock_acq:
      if second << 16 == Word.uire << 16 {
        position += 14
        return .acquire
      }
      if second << 8 == Word.uired << 8 {
        position += 15
        return .acquired
      }
    case Word.lock_rel:
      if second << 16 == Word.ease << 16 {
        position += 14
        return .release
      }
    case Word.lock_con:
      if second == Word.tended, position + 16 < count {
        position += 16
        return .contended
      }
    default: break
    }
    return .other
  }

  /// Eight bytes as a little-endian number.
  private enum Word {
    static let lock_acq: UInt64 = 0x7163_615F_6B63_6F6C
    static let lock_rel: UInt64 = 0x6C65_725F_6B63_6F6C
    static let lock_con: UInt64 = 0x6E6F_635F_6B63_6F6C
    /// `uire: ` and two bytes of whatever follows, which the comparison shifts out.
    static let uire: UInt64 = 0x0000_203A_6572_6975
    static let ease: UInt64 = 0x0000_203A_6573_6165
    static let uired: UInt64 = 0x0020_3A64_6572_6975
    static let tended: UInt64 = 0x203A_6465_646E_6574
  }
}
