/// What graph files begin with; it is no text, and what changes line ends in files changes it.
package enum GraphFileMark {
  package static let bytes: [UInt8] = [0x89, 0x4C, 0x47, 0x52, 0x0D, 0x0A, 0x1A, 0x0A]

  /// Whether an input begins as graph files do, or is so short that it could be the beginning of
  /// one.
  static func mayBegin(_ beginning: UnsafeRawBufferPointer) -> Bool {
    !beginning.isEmpty && bytes.starts(with: beginning.prefix(bytes.count))
  }
}
