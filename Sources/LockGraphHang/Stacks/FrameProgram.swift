import LockGraphRecording

/// Runs the instructions of a frame description up to an address.
struct FrameProgram {
  private let bytes: CheckedBytes
  private let codeFactor: UInt64
  private let dataFactor: Int64
  private let encoding: UInt8
  private var location: UInt64
  private(set) var row = FrameTable.Row()
  private var initial: [Int: FrameTable.Rule] = [:]
  private var remembered: [FrameTable.Row] = []

  init(
    _ bytes: CheckedBytes, codeFactor: UInt64, dataFactor: Int64, start: UInt64, encoding: UInt8
  ) {
    self.bytes = bytes
    self.codeFactor = codeFactor
    self.dataFactor = dataFactor
    self.encoding = encoding
    location = start
  }

  /// What holds at a function's start is what `restore` goes back to.
  mutating func keepInitial() { initial = row.rules }

  /// - Returns: whether all was understood.
  mutating func run(_ range: Range<Int>, until address: UInt64) -> Bool {
    var cursor = Cursor(bytes, range.lowerBound, end: range.upperBound)
    while !cursor.isAtEnd {
      guard let code = cursor.byte() else { return false }
      let operand = UInt64(code & 0x3F)
      switch code & 0xC0 {
      case 0x40:
        if !advance(operand, until: address) { return true }
      case 0x80:
        guard let offset = cursor.unsigned() else { return false }
        set(operand, .saved(scaled(offset)))
      case 0xC0: row.rules[Int(operand)] = initial[Int(operand)]
      default:
        guard let goesOn = extended(code, &cursor, address) else { return false }
        if !goesOn { return true }
      }
    }
    return true
  }

  /// - Returns: whether what follows is still for the address; `nil` if it was not understood.
  private mutating func extended(
    _ code: UInt8, _ cursor: inout Cursor, _ address: UInt64
  ) -> Bool? {
    switch code {
    case 0x00: break
    case 0x01:
      // Absolute places are written by no tool that writes relative ones elsewhere.
      return nil
    case 0x02:
      guard let delta = cursor.byte() else { return nil }
      return advance(UInt64(delta), until: address)
    case 0x03:
      guard let delta = cursor.number(UInt16.self) else { return nil }
      return advance(UInt64(delta), until: address)
    case 0x04:
      guard let delta = cursor.number(UInt32.self) else { return nil }
      return advance(UInt64(delta), until: address)
    case 0x05:
      guard let register = cursor.unsigned(), let offset = cursor.unsigned() else { return nil }
      set(register, .saved(scaled(offset)))
    case 0x06:
      guard let register = cursor.unsigned(), register < 64 else { return nil }
      row.rules[Int(register)] = initial[Int(register)]
    case 0x07:
      guard let register = cursor.unsigned() else { return nil }
      set(register, .undefined)
    case 0x08:
      guard let register = cursor.unsigned() else { return nil }
      set(register, .sameValue)
    case 0x09:
      guard let register = cursor.unsigned(), let other = cursor.unsigned(), other < 64 else {
        return nil
      }
      set(register, .register(Int(other)))
    case 0x0A:
      guard remembered.count < 64 else { return nil }
      remembered.append(row)
    case 0x0B:
      guard let earlier = remembered.popLast() else { return nil }
      row = earlier
    case 0x0C:
      guard let register = cursor.unsigned(), let offset = cursor.unsigned(), register < 64 else {
        return nil
      }
      row.frameAddress = .register(Int(register), Int64(truncatingIfNeeded: offset))
    case 0x0D:
      guard let register = cursor.unsigned(), register < 64,
        case .register(_, let offset) = row.frameAddress
      else { return nil }
      row.frameAddress = .register(Int(register), offset)
    case 0x0E:
      guard let offset = cursor.unsigned(), case .register(let register, _) = row.frameAddress
      else { return nil }
      row.frameAddress = .register(register, Int64(truncatingIfNeeded: offset))
    case 0x0F:
      guard let range = block(&cursor) else { return nil }
      row.frameAddress = .expression(range)
    case 0x10:
      guard let register = cursor.unsigned(), let range = block(&cursor) else { return nil }
      set(register, .savedAt(expression: range))
    case 0x11:
      guard let register = cursor.unsigned(), let offset = cursor.signed() else { return nil }
      set(register, .saved(offset &* dataFactor))
    case 0x12:
      guard let register = cursor.unsigned(), let offset = cursor.signed(), register < 64 else {
        return nil
      }
      row.frameAddress = .register(Int(register), offset &* dataFactor)
    case 0x13:
      guard let offset = cursor.signed(), case .register(let register, _) = row.frameAddress
      else { return nil }
      row.frameAddress = .register(register, offset &* dataFactor)
    case 0x14:
      guard let register = cursor.unsigned(), let offset = cursor.unsigned() else { return nil }
      set(register, .value(scaled(offset)))
    case 0x15:
      guard let register = cursor.unsigned(), let offset = cursor.signed() else { return nil }
      set(register, .value(offset &* dataFactor))
    case 0x16:
      guard let register = cursor.unsigned(), let range = block(&cursor) else { return nil }
      set(register, .valueOf(expression: range))
    case 0x2D:
      // aarch64: whether return addresses are signed; what marks them is taken off.
      break
    case 0x2E:
      guard cursor.unsigned() != nil else { return nil }
    default: return nil
    }
    return true
  }

  private mutating func advance(_ delta: UInt64, until address: UInt64) -> Bool {
    let next = location &+ delta &* codeFactor
    guard next <= address else { return false }
    location = next
    return true
  }

  private mutating func set(_ register: UInt64, _ rule: FrameTable.Rule) {
    guard register < 64 else { return }
    row.rules[Int(register)] = rule
  }

  private func scaled(_ offset: UInt64) -> Int64 {
    Int64(truncatingIfNeeded: offset) &* dataFactor
  }

  private func block(_ cursor: inout Cursor) -> Range<Int>? {
    guard let count = cursor.unsigned() else { return nil }
    let start = cursor.position
    cursor.skip(count)
    return UInt64(cursor.position - start) == count ? start..<cursor.position : nil
  }
}
