import LockGraphEngine

/// A container that docker, podman or nerdctl runs on this machine.
package struct Container: Sendable {
  private static let tools = ["docker", "podman", "nerdctl"]

  package let name: String

  /// - Returns: `nil` for what is no name or identifier of a container.
  package init?(_ name: String) {
    let isPlain = name.utf8.allSatisfy { byte in
      switch byte {
      case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
        UInt8(ascii: "0")...UInt8(ascii: "9"):
        true
      default: "_.-/".utf8.contains(byte)
      }
    }
    guard let first = name.utf8.first, isPlain, first != UInt8(ascii: "-") else { return nil }
    self.name = name
  }

  /// The numbers that its processes have here, the first one's first.
  ///
  /// - Throws: why they cannot be told.
  /// - Complexity: O(processes of the machine).
  package func processes() throws(LookError) -> [Int32] {
    #if os(Linux)
      return try Self.processes(around: firstProcess(), of: name)
    #else
      throw .unsupportedSystem
    #endif
  }

  #if os(Linux)
    private static func processes(
      around first: Int32, of name: String
    ) throws(LookError) -> [Int32] {
      guard case .success(let status) = SystemFile.read("/proc/\(first)/status") else {
        throw .container(
          name,
          "its process \(first) is not to be seen from here; expected to run where its containers do"
        )
      }
      // Whoever may not look at it is told so of the process.
      guard !StatusFields(status).hasEnded, let namespace = Self.namespace(of: first),
        case .success(let all) = SystemFile.numbers(in: "/proc")
      else { return [first] }
      let isOwn = namespace == SystemFile.link("/proc/self/ns/pid")
      var inside: Set<Int32> = [first]
      // A parent may have a greater number than its child.
      var parents: [Int32: Int32] = [:]
      for number in all {
        guard case .success(let status) = SystemFile.read("/proc/\(number)/status") else {
          continue
        }
        let fields = StatusFields(status)
        guard !fields.hasEnded else { continue }
        if !isOwn, Self.namespace(of: number) == namespace { inside.insert(number) }
        parents[number] = fields.parent
      }
      for number in parents.keys where !inside.contains(number) {
        var above: Int32? = number
        var path: [Int32] = []
        while let next = above, !inside.contains(next), path.count < parents.count {
          path.append(next)
          above = parents[next]
        }
        if above.map(inside.contains) ?? false { inside.formUnion(path) }
      }
      return [first] + inside.subtracting([first]).sorted()
    }

    private static func namespace(of process: Int32) -> String? {
      SystemFile.link("/proc/\(process)/ns/pid")
    }
  #endif

  private func firstProcess() throws(LookError) -> Int32 {
    var refusals: [String] = []
    for tool in Self.tools {
      let outcome = ToolQuestion.ask(
        tool, ["inspect", "--format", "{{.State.Pid}}", name], takesMessages: true)
      switch outcome {
      case .notInstalled: continue
      case .silence: refusals.append("\(tool) does not answer")
      case .failure(let text):
        let line = text.split(whereSeparator: \.isNewline).last.map(String.init) ?? "no reason"
        refusals.append("\(tool) says: \(line.withVisibleControls)")
      case .answer(let text):
        let word = text.split(whereSeparator: \.isWhitespace).last ?? ""
        guard let number = Int32(word), number >= 0 else {
          refusals.append("\(tool) tells no process of it: \(String(word).withVisibleControls)")
          continue
        }
        guard number > 0 else { throw .container(name, "the container does not run") }
        return number
      }
    }
    throw .container(
      name,
      refusals.isEmpty
        ? "none of \(Self.tools.joined(separator: ", ")) is installed; expected one that runs the "
          + "container, or the numbers of its processes" : refusals.joined(separator: "; "))
  }
}
