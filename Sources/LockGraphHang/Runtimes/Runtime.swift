/// What has threads and locks of its own that its own tools know best.
package enum Runtime: String, CaseIterable, Sendable {
  case java, python, go

  /// Those that a process has loaded.
  static func all(in process: any ObservedProcess) -> [Runtime] {
    var found: Set<Runtime> = []
    var checked: Set<String> = []
    for mapping in process.mappings where mapping.isOfFile {
      guard checked.insert(mapping.path).inserted else { continue }
      let file = mapping.path.split(separator: "/").last ?? ""
      if file == "libjvm.so" { found.insert(.java) }
      if file.hasPrefix("libpython") || isInterpreter(file) { found.insert(.python) }
    }
    if let first = process.mappings.first(where: { $0.isOfFile && $0.fileOffset == 0 }),
      let program = process.file(of: first), program.elf.section(named: ".go.buildinfo") != nil
    {
      found.insert(.go)
    }
    return allCases.filter(found.contains)
  }

  /// `python3`, `python3.11`
  private static func isInterpreter(_ file: Substring) -> Bool {
    file.hasPrefix("python") && file.dropFirst(6).allSatisfy { $0.isNumber || $0 == "." }
  }

  /// What to do to see its own locks.
  func advice(_ process: Int32) -> String {
    switch self {
    case .java:
      "It runs Java: what its monitors and locks wait for is in jcmd \(process) Thread.print"
    case .python:
      "It runs Python: which lines its threads are in is in py-spy dump --pid \(process)"
    case .go:
      "It is a Go program: its goroutines wait without the system's knowledge, and a deadlock among "
        + "them is not seen here. kill -QUIT \(process) prints where each waits and for how long, and "
        + "ends it; dlv attach \(process), where Delve is installed, shows them and lets it go on"
    }
  }
}
