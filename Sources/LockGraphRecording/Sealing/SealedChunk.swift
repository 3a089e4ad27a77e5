import LockGraphEngine

/// The bytes of the chunk that sealing adds [docs/recording-file.md, Sealing].
struct SealedChunk {
  private(set) var bytes: [UInt8]

  /// - Parameter offset: where in the file it will be.
  init(_ names: RecordedNames, at offset: UInt64) {
    bytes = [UInt8](repeating: 0, count: Int(RecordingLayout.chunkHeaderSize))
    for (address, functions) in names.functions.sorted(by: { $0.key < $1.key }) {
      for (depth, function) in functions.enumerated() {
        let texts = [function.name, function.file, function.module]
        addEntry(16, texts) { entry in
          entry.append(address)
          entry.append(function.line)
          entry.append(function.column)
          entry.append(UInt32(depth))
          for text in texts { entry.append(UInt32(text.utf8.count)) }
        }
      }
    }
    let locks = names.locks.sorted {
      ($0.key.address, $0.key.generation) < ($1.key.address, $1.key.generation)
    }
    for (key, name) in locks {
      addEntry(17, [name.name, name.lockClass]) { entry in
        entry.append(key.address)
        entry.append(key.generation)
        entry.append(UInt32(name.name.utf8.count))
        entry.append(UInt32(name.lockClass.utf8.count))
        entry.append(name.source.rawValue)
      }
    }
    for module in names.missing {
      let identifier = Self.bytes(ofHexadecimal: module.buildIdentifier)
      addEntry(18, [module.path]) { entry in
        entry.append(UInt32(identifier.count))
        entry.append(UInt32(module.path.utf8.count))
        entry.append(contentsOf: identifier)
      }
    }
    // The kind 0 that ends the entries, and the rest of the last page.
    let unit = Int(RecordingLayout.chunkUnit)
    let length = (bytes.count + 8 + unit - 1) / unit * unit
    bytes += [UInt8](repeating: 0, count: length - bytes.count)
    var header = LittleEndianBytes()
    header.append(RecordingLayout.chunkMagic)
    header.append(RecordingChunkKind.sealing.rawValue)
    header.append(offset)
    header.append(UInt64(length))
    bytes.replaceSubrange(0..<header.bytes.count, with: header.bytes)
  }

  private mutating func addEntry(
    _ kind: UInt32, _ texts: [String], _ fill: (inout LittleEndianBytes) -> Void
  ) {
    var entry = LittleEndianBytes()
    entry.append(kind)
    entry.append(UInt32(0))
    fill(&entry)
    for text in texts { entry.append(contentsOf: Array(text.utf8)) }
    while entry.bytes.count % 8 != 0 { entry.append(contentsOf: [0]) }
    var length = LittleEndianBytes()
    length.append(UInt32(entry.bytes.count))
    entry.bytes.replaceSubrange(4..<8, with: length.bytes)
    bytes += entry.bytes
  }

  private static func bytes(ofHexadecimal text: String) -> [UInt8] {
    let digits = text.compactMap(\.hexDigitValue)
    return stride(from: 0, to: digits.count - 1, by: 2).map {
      UInt8(digits[$0] * 16 + digits[$0 + 1])
    }
  }
}
