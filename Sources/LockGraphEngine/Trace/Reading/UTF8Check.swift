extension LineFailure {
  /// Refuses a line that is not UTF-8, at the first byte that is not.
  @inline(__always)
  static func refuseUnlessUTF8(_ line: UnsafeRawBufferPointer) throws(LineFailure) {
    guard hasNonASCII(line), String(validating: line, as: UTF8.self) == nil else { return }
    throw LineFailure(
      column: 1 + lengthOfValidUTF8(line), message: "bytes that are not UTF-8",
      expected: "UTF-8")
  }

  @inline(__always)
  private static func hasNonASCII(_ line: UnsafeRawBufferPointer) -> Bool {
    var all: UInt64 = 0
    var index = 0
    while index + 8 <= line.count {
      all |= line.loadUnaligned(fromByteOffset: index, as: UInt64.self)
      index += 8
    }
    while index < line.count {
      all |= UInt64(line[index])
      index += 1
    }
    return all & 0x8080_8080_8080_8080 != 0
  }
}
