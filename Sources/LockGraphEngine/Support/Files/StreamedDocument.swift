/// A document that is written part by part: however long it is, it need not be held.
public protocol StreamedDocument {
  /// Writes the document; the same bytes for the same subject.
  ///
  /// - Parameter take: takes the next bytes, and returns false if it cannot; then no more come.
  /// - Returns: false if bytes could not be written.
  /// - Complexity: O(length of the document).
  @discardableResult
  func write(_ take: @escaping (UnsafeRawBufferPointer) -> Bool) -> Bool
}

extension StreamedDocument {
  /// The document as a whole.
  ///
  /// - Complexity: O(length of the document).
  public var bytes: [UInt8] {
    var bytes: [UInt8] = []
    write { part in
      bytes.append(contentsOf: part)
      return true
    }
    return bytes
  }
}
