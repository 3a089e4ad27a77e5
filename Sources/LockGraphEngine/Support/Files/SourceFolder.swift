#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#elseif canImport(Darwin)
  import Darwin
#endif

/// The files of the source below a folder, and nothing else: what leads out of it is not read,
/// whether by its name or by links, nor what is hidden in it (`.git`, `.env`), nor what is no text.
///
/// A trace names the files, and a report is passed on: without this bound a trace could put any
/// file of the machine into it.
package final class SourceFolder {
  /// Why a file is not shown.
  package enum Lack: String, Error, CaseIterable {
    case missing = "not there"
    case outside = "not below the source root"
    case hidden = "hidden"
    case noText = "no text"
    case tooLarge = "too large"
  }

  /// A file of source code has less.
  static let sizeLimit = 4 << 20
  /// Longer lines are no code that a person wrote.
  package static let lineLimit = 240

  /// Where it really is.
  private let path: String
  private let descriptor: Int32

  /// - Returns: `nil` if there is no such folder.
  package init?(_ path: String) {
    guard let real = Self.realPath(path) else { return nil }
    descriptor = open(real, O_RDONLY | O_DIRECTORY | O_CLOEXEC)
    guard descriptor >= 0 else { return nil }
    self.path = real
  }

  deinit { close(descriptor) }

  /// The bytes of a file.
  ///
  /// - Parameter name: relative to the folder.
  /// - Complexity: O(bytes).
  package func content(of name: String) throws(Lack) -> [UInt8] {
    guard name.utf8.first != UInt8(ascii: "/"), !name.utf8.contains(0) else { throw .outside }
    try Self.check(name)
    guard let real = Self.realPath("\(path)/\(name)") else { throw .missing }
    let prefix = path.utf8.last == UInt8(ascii: "/") ? path : path + "/"
    guard real.utf8.starts(with: prefix.utf8) else { throw .outside }
    let rest = String(Substring(real.utf8.dropFirst(prefix.utf8.count)))
    // Also behind a link.
    try Self.check(rest)
    return try content(at: rest.split(separator: "/").map(String.init))
  }

  /// The lines of a file without their ends; bytes that are no UTF-8 are mended.
  ///
  /// - Parameter name: relative to the folder.
  /// - Complexity: O(bytes).
  package func lines(of name: String) throws(Lack) -> [String] {
    var lines = try content(of: name).split(
      separator: UInt8(ascii: "\n"), omittingEmptySubsequences: false)
    if lines.last?.isEmpty == true { lines.removeLast() }
    return lines.map { line in
      let line = line.last == UInt8(ascii: "\r") ? line.dropLast() : line
      // Mending may make more of bytes that are none.
      return String(decoding: line.prefix(Self.lineLimit), as: UTF8.self)
        + (line.count > Self.lineLimit ? "…" : "")
    }
  }

  private static func check(_ name: String) throws(Lack) {
    for part in name.utf8.split(separator: UInt8(ascii: "/")) {
      if part.elementsEqual("..".utf8) { throw .outside }
      if part.first == UInt8(ascii: "."), part.count > 1 { throw .hidden }
    }
  }

  /// Opens part by part, following no link: what has become one since it was looked at is not read.
  private func content(at parts: [String]) throws(Lack) -> [UInt8] {
    guard !parts.isEmpty else { throw .noText }
    var folder = descriptor
    defer { if folder != descriptor { close(folder) } }
    for part in parts.dropLast() {
      let next = openat(folder, part, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC)
      guard next >= 0 else { throw .missing }
      if folder != descriptor { close(folder) }
      folder = next
    }
    // A pipe would keep us waiting.
    let file = openat(
      folder, parts[parts.count - 1], O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC)
    guard file >= 0 else { throw .missing }
    defer { close(file) }
    var status = stat()
    guard fstat(file, &status) == 0, status.st_mode & S_IFMT == S_IFREG else { throw .noText }
    guard status.st_size <= Self.sizeLimit else { throw .tooLarge }
    return try Self.text(in: file)
  }

  private static func text(in file: Int32) throws(Lack) -> [UInt8] {
    var bytes: [UInt8] = []
    let part = UnsafeMutableRawBufferPointer.allocate(byteCount: 1 << 16, alignment: 16)
    defer { part.deallocate() }
    while true {
      let count = read(file, part.baseAddress, part.count)
      if count < 0, errno == EINTR { continue }
      guard count >= 0 else { throw .missing }
      if count == 0 { break }
      bytes.append(contentsOf: part[..<count])
      guard bytes.count <= sizeLimit else { throw .tooLarge }
    }
    guard !bytes.contains(0) else { throw .noText }
    return bytes
  }

  private static func realPath(_ path: String) -> String? {
    guard let real = realpath(path, nil) else { return nil }
    defer { free(real) }
    return String(cString: real)
  }
}
