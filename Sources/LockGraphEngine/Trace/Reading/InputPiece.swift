/// The bytes of whole lines of an input.
final class PieceBytes: @unchecked Sendable {
  let buffer: UnsafeRawBufferPointer
  private let copy: UnsafeMutableRawBufferPointer?

  /// - Parameter isLasting: the bytes stay until the piece is gone, and need not be copied.
  init(_ bytes: UnsafeRawBufferPointer, isLasting: Bool) {
    guard !isLasting else {
      buffer = bytes
      copy = nil
      return
    }
    let copy = UnsafeMutableRawBufferPointer.allocate(byteCount: bytes.count, alignment: 8)
    copy.copyMemory(from: bytes)
    buffer = UnsafeRawBufferPointer(copy)
    self.copy = copy
  }

  deinit { copy?.deallocate() }
}

/// Whole lines of an input of which a thread finds out something before it is their turn.
protocol InputPiece: AnyObject {
  /// - Parameter spare: one that was told, whose memory may be used again.
  init(_ bytes: PieceBytes, reusing spare: Self?)
  var bytes: PieceBytes { get }
}
