#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#elseif canImport(Darwin)
  import Darwin
#endif

/// The processes that a command started, and those that they started, while they have their
/// parents: those of whom a parent has ended are told by who saw them before.
package struct ProcessTree: Sendable {
  /// A process, told from a later one of its number by when it began.
  private struct Member: Hashable {
    var identifier: pid_t
    var start: String
  }

  private var members: Set<Member> = []

  package init() {}

  /// Adds the command and everything below it.
  package mutating func add(_ root: pid_t) {
    var children: [pid_t: [Member]] = [:]
    var own: Member?
    for identifier in Self.processes() {
      guard let (parent, start) = Self.status(of: identifier) else { continue }
      let member = Member(identifier: identifier, start: start)
      children[parent, default: []].append(member)
      if identifier == root { own = member }
    }
    var rest = own.map { [$0] } ?? []
    // Below what was known, too: a shell that has ended leaves what it started.
    rest += members
    while let member = rest.popLast() {
      members.insert(member)
      for child in children[member.identifier] ?? [] where !members.contains(child) {
        rest.append(child)
      }
    }
  }

  /// Their numbers, by rising order.
  package var identifiers: [pid_t] { members.map(\.identifier).sorted() }

  /// Sends a signal to those that are still there; false if none is.
  @discardableResult
  private func send(_ number: Int32) -> Bool {
    var isAny = false
    for member in members {
      guard let (_, start) = Self.status(of: member.identifier), start == member.start else {
        continue
      }
      isAny = true
      kill(member.identifier, number)
    }
    return isAny
  }

  private static func processes() -> [pid_t] {
    guard let folder = opendir("/proc") else { return [] }
    defer { closedir(folder) }
    var processes: [pid_t] = []
    while let entry = readdir(folder) {
      let name = withUnsafeBytes(of: &entry.pointee.d_name) {
        String(decoding: $0.prefix { $0 != 0 }, as: UTF8.self)
      }
      if let identifier = pid_t(name) { processes.append(identifier) }
    }
    return processes
  }

  /// The parent and the time of the beginning; `nil` if it is gone, and nobody waited for it or
  /// not.
  private static func status(of identifier: pid_t) -> (parent: pid_t, start: String)? {
    guard let text = contents(ofProcessFile: "/proc/\(identifier)/stat"),
      let name = text.lastIndex(of: ")")
    else { return nil }
    let fields = text[text.index(after: name)...].split(separator: " ")
    // proc(5): state, parent, …, and the start is the 22nd field of the line.
    guard fields.count > 19, fields[0] != "Z", let parent = pid_t(fields[1]) else { return nil }
    return (parent, String(fields[19]))
  }
}

/// The text of a file that the kernel makes up as it is read.
func contents(ofProcessFile path: String) -> String? {
  let file = open(path, O_RDONLY | O_CLOEXEC)
  guard file >= 0 else { return nil }
  defer { close(file) }
  var bytes: [UInt8] = []
  while true {
    let piece = [UInt8](unsafeUninitializedCapacity: 65536) { buffer, used in
      used = max(0, read(file, buffer.baseAddress, buffer.count))
    }
    if piece.isEmpty { break }
    bytes += piece
  }
  return String(decoding: bytes, as: UTF8.self)
}

extension ProcessTree {
  /// How processes are asked, or made, to end.
  package enum Ending {
    case termination
    case killing

    var signal: Int32 { self == .termination ? SIGTERM : SIGKILL }
  }

  /// Ends those that are still there.
  package func send(_ ending: Ending) { send(ending.signal) }

  /// Whether any is still there.
  package var hasMembers: Bool { send(0) }
}
