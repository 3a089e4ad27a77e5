import LockGraphRecording

/// A program or library with what it tells of functions and frames, read as it is asked for.
package final class ModuleFile {
  let elf: ELFFile
  /// Where the process had it.
  package var path: String
  /// Where it can be opened from here; `nil` if only memory is left.
  let openPath: String?
  /// The bytes that `elf` reads, if they are a copy.
  private let copy: UnsafeMutableRawBufferPointer?
  private lazy var symbols = ELFSymbolTable(elf)
  private(set) lazy var frames = FrameTable(elf)
  private lazy var members = MemberPath(elf)

  init?(path: String) {
    guard let elf = ELFFile(path: path) else { return nil }
    self.elf = elf
    self.path = path
    openPath = path
    copy = nil
  }

  /// A file of which only memory is left.
  init?(copy bytes: [UInt8]) {
    let copy = UnsafeMutableRawBufferPointer.allocate(
      byteCount: max(bytes.count, 64), alignment: 16)
    copy.initializeMemory(as: UInt8.self, repeating: 0)
    copy.copyBytes(from: bytes)
    guard let elf = ELFFile(UnsafeRawBufferPointer(copy), isMapped: false) else {
      copy.deallocate()
      return nil
    }
    self.elf = elf
    self.copy = copy
    path = ""
    openPath = nil
  }

  deinit { copy?.deallocate() }

  var machine: UInt16 { elf.machine }
  var buildIdentifier: String? { elf.buildIdentifier }

  /// The address in the file's own counting of something in a mapping of it.
  func ownAddress(_ address: UInt64, in mapping: MemoryMapping) -> UInt64? {
    let offset = address - mapping.start + mapping.fileOffset
    // A segment's last page holds what follows in the file, and what is zeroed behind it.
    let segments = elf.segments.filter { $0.kind == ELFFile.Kind.load }
    let segment =
      segments.first { segment in
        offset >= segment.offset && offset - segment.offset < segment.fileSize
          && segment.isExecutable == mapping.isExecutable
      } ?? segments.first { offset >= $0.offset && offset - $0.offset < $0.memorySize }
    guard let segment else { return nil }
    return segment.address &+ (offset - segment.offset)
  }

  /// The function at an address of the file's own counting.
  func function(at address: UInt64) -> ELFSymbolTable.Symbol? { symbols.function(at: address) }

  /// The variable at an address of the file's own counting.
  func variable(at address: UInt64) -> ELFSymbolTable.Symbol? { symbols.object(at: address) }

  /// The members of a variable that lead to an address in it, where debug information tells.
  func member(at address: UInt64, of variable: ELFSymbolTable.Symbol) -> String? {
    members.text(address - variable.start, in: variable.start)
  }
}
