#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#elseif canImport(Darwin)
  import Darwin
#endif

/// The process of a recording, told from a later one of its number by when it started and in which
/// boot.
package struct RecordedProcess: Hashable, Sendable {
  package var number: UInt32
  private var start: UInt64
  private var boot: String
  private var hasEnded: Bool

  init(_ header: RecordingHeader) {
    number = header.process
    start = header.start
    boot = header.boot
    hasEnded = header.end != .none || header.sealed != 0
  }

  /// Whether it is there now. One in another namespace of processes is not seen.
  package var isRunning: Bool {
    guard !hasEnded, boot.isEmpty || boot == Self.presentBoot else { return false }
    guard let text = Self.content("/proc/\(number)/stat"), let name = text.lastIndex(of: ")") else {
      return false
    }
    // proc(5): the state, and 19 fields on when it started.
    let fields = text[text.index(after: name)...].split(separator: " ")
    return fields.count > 19 && fields[0] != "Z" && fields[0] != "X" && UInt64(fields[19]) == start
  }

  private static var presentBoot: String {
    (content("/proc/sys/kernel/random/boot_id") ?? "").filter(\.isHexDigit)
  }

  private static func content(_ path: String) -> String? {
    let file = open(path, O_RDONLY | O_CLOEXEC)
    guard file >= 0 else { return nil }
    defer { close(file) }
    let bytes = [UInt8](unsafeUninitializedCapacity: 4096) { buffer, used in
      used = max(0, readDescriptor(file, UnsafeMutableRawBufferPointer(buffer)))
    }
    return String(decoding: bytes, as: UTF8.self)
  }
}
