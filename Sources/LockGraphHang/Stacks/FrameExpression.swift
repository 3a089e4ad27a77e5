import LockGraphRecording

/// Computes the expressions of frame tables: few frames have one, those of signals and of calls
/// into libraries.
struct FrameExpression {
  var registers: Registers
  /// Reads eight bytes of the process.
  var read: (UInt64) -> UInt64?

  /// - Parameter first: what lies on the stack at the start.
  func value(of range: Range<Int>, in bytes: CheckedBytes, first: UInt64?) -> UInt64? {
    var cursor = Cursor(bytes, range.lowerBound, end: range.upperBound)
    var stack: [UInt64] = first.map { [$0] } ?? []
    // Without jumps each instruction runs once.
    while let code = cursor.byte() {
      switch code {
      case 0x06:
        guard let address = stack.popLast(), let value = read(address) else { return nil }
        stack.append(value)
      case 0x08: guard push(cursor.byte().map(UInt64.init), &stack) else { return nil }
      case 0x09:
        guard push(cursor.number(Int8.self).map { UInt64(bitPattern: Int64($0)) }, &stack) else {
          return nil
        }
      case 0x0A:
        guard push(cursor.number(UInt16.self).map(UInt64.init), &stack) else { return nil }
      case 0x0B:
        guard push(cursor.number(Int16.self).map { UInt64(bitPattern: Int64($0)) }, &stack) else {
          return nil
        }
      case 0x0C:
        guard push(cursor.number(UInt32.self).map(UInt64.init), &stack) else { return nil }
      case 0x0D:
        guard push(cursor.number(Int32.self).map { UInt64(bitPattern: Int64($0)) }, &stack) else {
          return nil
        }
      case 0x10: guard push(cursor.unsigned(), &stack) else { return nil }
      case 0x11:
        guard push(cursor.signed().map { UInt64(bitPattern: $0) }, &stack) else { return nil }
      case 0x12: guard push(stack.last, &stack) else { return nil }
      case 0x13: guard stack.popLast() != nil else { return nil }
      case 0x23:
        guard let offset = cursor.unsigned(), let top = stack.popLast() else { return nil }
        stack.append(top &+ offset)
      case 0x1A, 0x1C, 0x21, 0x22, 0x24, 0x25, 0x27, 0x29...0x2E:
        guard let right = stack.popLast(), let left = stack.popLast() else { return nil }
        stack.append(Self.combined(code, left, right))
      case 0x30...0x4F: stack.append(UInt64(code - 0x30))
      case 0x70...0x8F:
        guard let offset = cursor.signed(), let value = registers[Int(code - 0x70)] else {
          return nil
        }
        stack.append(value &+ UInt64(bitPattern: offset))
      case 0x96: break
      default: return nil
      }
    }
    return stack.last
  }

  private func push(_ value: UInt64?, _ stack: inout [UInt64]) -> Bool {
    guard let value, stack.count < 64 else { return false }
    stack.append(value)
    return true
  }

  private static func combined(_ code: UInt8, _ left: UInt64, _ right: UInt64) -> UInt64 {
    let (first, second) = (Int64(bitPattern: left), Int64(bitPattern: right))
    return switch code {
    case 0x1A: left & right
    case 0x1C: left &- right
    case 0x21: left | right
    case 0x22: left &+ right
    case 0x24: right < 64 ? left << right : 0
    case 0x25: right < 64 ? left >> right : 0
    case 0x27: left ^ right
    case 0x29: first == second ? 1 : 0
    case 0x2A: first >= second ? 1 : 0
    case 0x2B: first > second ? 1 : 0
    case 0x2C: first <= second ? 1 : 0
    case 0x2D: first < second ? 1 : 0
    default: first != second ? 1 : 0
    }
  }
}
