/// An instruction of x86-64, as far as is needed to find the next one.
///
/// Those of the general registers and of SSE are known, which is what stands between calls.
struct Instruction {
  /// In bytes.
  private(set) var length = 0
  /// What follows is not reached from here: a jump that is always taken, or a return.
  private(set) var leaves = false

  private let code: ArraySlice<UInt8>

  /// - Parameter code: from where it begins; it may end behind it.
  /// - Returns: `nil` for one that is not known, or is cut off.
  init?(_ code: ArraySlice<UInt8>) {
    self.code = code
    var isShort = false
    while let prefix = byte, [0x66, 0xF2, 0xF3, 0x2E, 0x3E, 0x64, 0x65].contains(prefix) {
      isShort = isShort || prefix == 0x66
      length += 1
    }
    var isLong = false
    if let prefix = byte, prefix & 0xF0 == 0x40 {
      isLong = prefix & 8 != 0
      length += 1
    }
    guard let operation = byte else { return nil }
    length += 1
    let number = isShort ? 2 : 4
    let isKnown =
      operation == 0x0F ? takeSecond() : take(operation, number: number, isLong: isLong)
    guard isKnown, length <= code.count else { return nil }
  }

  private var byte: UInt8? {
    length < code.count ? code[code.startIndex + length] : nil
  }

  /// What follows an operation of one byte.
  private mutating func take(_ operation: UInt8, number: Int, isLong: Bool) -> Bool {
    switch operation {
    case 0x00...0x3F:
      switch operation & 7 {
      case 0...3: return takePlace()
      case 4: length += 1
      case 5: length += number
      default: return false
      }
    case 0x50...0x5F, 0x90...0x99, 0xA4, 0xA5, 0xAA, 0xAB, 0xC9: break
    case 0x63, 0x84...0x8B, 0x8D, 0xD0...0xD3, 0xFE: return takePlace()
    case 0x68, 0xA9: length += number
    case 0x69, 0x81, 0xC7: return takePlace(number)
    case 0x6A, 0x70...0x7F, 0xA8, 0xB0...0xB7: length += 1
    case 0x6B, 0x80, 0x83, 0xC0, 0xC1, 0xC6: return takePlace(1)
    case 0xB8...0xBF: length += isLong ? 8 : number
    case 0xE8: length += 4
    case 0xE9, 0xEB, 0xC2, 0xC3:
      length += operation == 0xE9 ? 4 : operation == 0xEB ? 1 : operation == 0xC2 ? 2 : 0
      leaves = true
    case 0xF6, 0xF7:
      // To test bits is the only one of these with a number.
      let tests = byte.map { $0 & 0x30 == 0 } ?? false
      return takePlace(tests ? (operation == 0xF6 ? 1 : number) : 0)
    case 0xFF:
      leaves = byte.map { $0 & 0x30 == 0x20 } ?? false
      return takePlace()
    default: return false
    }
    return true
  }

  /// What follows `0F`.
  private mutating func takeSecond() -> Bool {
    guard let operation = byte else { return false }
    length += 1
    switch operation {
    case 0x05, 0xA2: return true
    case 0x0B:
      leaves = true
      return true
    case 0x80...0x8F:
      length += 4
      return true
    case 0x10...0x17, 0x1E, 0x1F, 0x28...0x2F, 0x40...0x6F, 0x74...0x76, 0x7E, 0x7F, 0x90...0x9F,
      0xA3, 0xAB, 0xAE, 0xAF, 0xB0, 0xB1, 0xB3, 0xB6...0xB8, 0xBB...0xBF, 0xC0, 0xC1, 0xD0...0xFE:
      return takePlace()
    case 0x70...0x73, 0xA4, 0xAC, 0xBA, 0xC2, 0xC6: return takePlace(1)
    default: return false
    }
  }

  /// The byte that says which registers or what memory, what belongs to it, and a number behind.
  private mutating func takePlace(_ number: Int = 0) -> Bool {
    guard let place = byte else { return false }
    length += 1
    let (mode, register) = (place >> 6, place & 7)
    if mode != 3 {
      var isAbsolute = mode == 0 && register == 5
      if register == 4 {
        guard let scaled = byte else { return false }
        length += 1
        isAbsolute = mode == 0 && scaled & 7 == 5
      }
      length += isAbsolute || mode == 2 ? 4 : mode == 1 ? 1 : 0
    }
    length += number
    return true
  }
}
