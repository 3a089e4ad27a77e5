/// Reads what `perf script` prints of events `lock:*`.
///
/// The callchain of an event stands in the lines behind it, so an event is held back until they are
/// read. perf prints no contexts. Its buffers lose events and it says so only on demand, so a task
/// that changes its CPU is taken to have lost some.
struct PerfReader: LineReader, ~Copyable {
  private struct HeldBack {
    var line: KernelEventLine
    var operand: KernelLockOperand
    var number: UInt64
  }

  private var events = KernelLockEvents()
  /// Points into `own`.
  private var heldBack: HeldBack?
  private var own = UnsafeMutableRawBufferPointer.allocate(byteCount: 4096, alignment: 8)
  /// For the next line, as long as `own` is needed.
  private var spare = UnsafeMutableRawBufferPointer.allocate(byteCount: 4096, alignment: 8)
  private var stack: [UInt8] = []
  /// Where in it the first frame is that is not the lock's own code.
  private var callerStart: Int?
  private var frameCount = 0
  /// Lines of a callchain may come.
  private var isInRecord = false

  init() {}

  deinit {
    own.deallocate()
    spare.deallocate()
  }

  var warnings: [String] { events.warnings }

  mutating func read<Consumer: EventConsumer & ~Copyable>(
    _ line: UnsafeRawBufferPointer, number: UInt64, into consumer: inout Consumer
  ) throws(LineFailure) -> Bool {
    if let first = line.first, first == UInt8(ascii: "\t"), isInRecord {
      addFrame(line)
      return false
    }
    guard let event = KernelEventLine(perf: copy(line)) else {
      try readOther(line, number, &consumer)
      return false
    }
    finish(into: &consumer)
    swap(&own, &spare)
    events.start(number, &consumer)
    isInRecord = true
    switch event.event {
    case .other: events.takeOther(event, number: number, into: &consumer)
    case .contentionEnd: events.takeContentionEnd(event, number: number, into: &consumer)
    default:
      heldBack = HeldBack(line: event, operand: try KernelLockOperand(event), number: number)
    }
    return true
  }

  /// Hands over the event whose callchain is complete.
  mutating func finish<Consumer: EventConsumer & ~Copyable>(into consumer: inout Consumer) {
    if let held = heldBack {
      heldBack = nil
      let start = callerStart ?? 0
      stack.withUnsafeBytes { stack in
        events.take(
          held.line, held.operand, number: held.number,
          stack: stack.isEmpty ? nil : UnsafeRawBufferPointer(rebasing: stack[start...]),
          into: &consumer)
      }
    }
    stack.removeAll(keepingCapacity: true)
    callerStart = nil
    frameCount = 0
  }

  private mutating func copy(_ line: UnsafeRawBufferPointer) -> UnsafeRawBufferPointer {
    if spare.count < line.count {
      spare.deallocate()
      spare = .allocate(byteCount: line.count * 2, alignment: 8)
    }
    spare.copyMemory(from: line)
    return UnsafeRawBufferPointer(rebasing: spare[..<line.count])
  }

  /// Headers, empty lines, callchains that are not indented by a tab, and records that are no
  /// samples.
  private mutating func readOther<Consumer: EventConsumer & ~Copyable>(
    _ line: UnsafeRawBufferPointer, _ number: UInt64, _ consumer: inout Consumer
  ) throws(LineFailure) {
    guard let first = line.first(where: { $0 != UInt8(ascii: " ") && $0 != UInt8(ascii: "\t") })
    else {
      finish(into: &consumer)
      isInRecord = false
      return
    }
    if first == UInt8(ascii: "#") { return }
    let words = String(decoding: line.prefix(300), as: UTF8.self).split(separator: " ")
    if let record = words.firstIndex(where: { $0.hasPrefix("PERF_RECORD_") }) {
      if words[record].hasPrefix("PERF_RECORD_LOST") {
        finish(into: &consumer)
        let count = words[record...].lazy.compactMap { UInt64($0) }.first
        events.lose(count ?? 0, number, &consumer)
      }
      return
    }
    if isInRecord, line.first == UInt8(ascii: " ") {
      addFrame(line)
      return
    }
    throw LineFailure(
      column: 1, message: "not a line of perf script",
      expected: "COMMAND TID [CPU] TIME: EVENT: …")
  }

  /// `ffffffff815d2e66 vma_prepare+0x79 ([kernel.kallsyms])`; lines that begin with no address show
  /// the source.
  private mutating func addFrame(_ line: UnsafeRawBufferPointer) {
    guard heldBack != nil, frameCount < 128 else { return }
    let words = line.drop { $0 == UInt8(ascii: " ") || $0 == UInt8(ascii: "\t") }
    let address = words.prefix { $0 != UInt8(ascii: " ") }
    guard !address.isEmpty,
      address.allSatisfy({ (0x30...0x39).contains($0) || (0x61...0x66).contains($0) })
    else { return }
    var symbol = words[address.endIndex...].drop { $0 == UInt8(ascii: " ") }
    if let object = objectStart(symbol) { symbol = symbol[..<object] }
    symbol = withoutOffset(symbol)
    if symbol.isEmpty { symbol = address }
    if !stack.isEmpty { stack.append(UInt8(ascii: ";")) }
    if callerStart == nil, !KernelLockFunctions.contains(symbol) { callerStart = stack.count }
    for byte in symbol.prefix(1000) {
      stack.append(byte == UInt8(ascii: ";") ? UInt8(ascii: ",") : byte)
    }
    frameCount += 1
  }

  /// Where the ` (/usr/lib/libc.so.6)` behind a symbol begins, whose path may hold parentheses.
  private func objectStart(_ symbol: Slice<UnsafeRawBufferPointer>) -> Int? {
    var depth = 0
    for index in symbol.indices.reversed() {
      switch symbol[index] {
      case UInt8(ascii: ")"): depth += 1
      case UInt8(ascii: "("): depth -= 1
      default: break
      }
      guard depth > 0 else {
        let isObject =
          index < symbol.endIndex - 1 && index > symbol.startIndex
          && symbol[index - 1] == UInt8(ascii: " ")
        return isObject ? index - 1 : nil
      }
    }
    return nil
  }

  /// Without the `+0x79` behind a function's name, which says where in it.
  private func withoutOffset(
    _ symbol: Slice<UnsafeRawBufferPointer>
  ) -> Slice<UnsafeRawBufferPointer> {
    guard let plus = symbol.lastIndex(of: UInt8(ascii: "+")), plus > symbol.startIndex,
      symbol[plus...].starts(with: "+0x".utf8)
    else { return symbol }
    return symbol[..<plus]
  }
}
