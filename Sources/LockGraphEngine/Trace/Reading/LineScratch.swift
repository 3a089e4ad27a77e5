/// Memory as long as the longest line so far, for what a line's escapes stand for: decoding never
/// lengthens.
struct LineScratch: ~Copyable {
  private(set) var bytes = UnsafeMutableRawBufferPointer.allocate(byteCount: 4096, alignment: 8)

  deinit { bytes.deallocate() }

  /// Makes it at least as long as a line; what was in it is gone.
  @inline(__always)
  mutating func fit(_ line: UnsafeRawBufferPointer) {
    guard bytes.count < line.count else { return }
    bytes.deallocate()
    bytes = UnsafeMutableRawBufferPointer.allocate(byteCount: line.count * 2, alignment: 8)
  }
}
