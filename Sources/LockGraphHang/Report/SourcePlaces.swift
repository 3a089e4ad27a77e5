import LockGraphRecording

#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#elseif canImport(Darwin)
  import Darwin
#endif

/// Files and lines of frames, from debugging information, if there is some and a tool that reads
/// it.
package final class SourcePlaces {
  private struct Address: Hashable {
    var file: String
    var address: UInt64
  }

  /// More would take longer than reading them.
  private static let limit = 2000

  private var places: [Address: String] = [:]

  /// - Parameter tool: `llvm-symbolizer`; without one nothing is known.
  package init(of report: HangReport, tool: String? = SymbolizerTool.usualPath) {
    var files: [String: Set<UInt64>] = [:]
    var count = 0
    for thread in report.threads where thread.wait != nil || !thread.holds.isEmpty {
      // Where a library has a line tells the reader nothing.
      for frame in HangText.told(thread.frames) where !frame.isOfSystem {
        guard count < Self.limit, let file = frame.file, let address = frame.ownAddress else {
          continue
        }
        if files[file, default: []].insert(address).inserted { count += 1 }
      }
    }
    // Starting the tool takes longer than all the rest.
    files = files.filter { ELFFile(path: $0.key)?.hasLines ?? false }
    guard !files.isEmpty, let tool, let process = SymbolizerTool(tool) else { return }
    for (file, addresses) in files.sorted(by: { $0.key < $1.key }) {
      let asked = addresses.sorted()
      for (address, frames) in zip(asked, process.frames(asked, in: file)) {
        // Of functions that were inlined, the one that is outermost has the frame's name.
        guard let frame = frames.last, !frame.file.isEmpty, frame.line > 0 else { continue }
        let name = frame.file.split(separator: "/").last.map(String.init) ?? frame.file
        places[Address(file: file, address: address)] = "\(name):\(frame.line)"
      }
    }
  }

  /// `bank.c:41`
  package func place(of frame: StackFrame) -> String? {
    guard let file = frame.file, let address = frame.ownAddress else { return nil }
    return places[Address(file: file, address: address)]
  }
}

extension ELFFile {
  /// Whether lines of the source may be found for it: in itself, in a file that it names or that
  /// its build-id does, or by a server.
  fileprivate var hasLines: Bool {
    let names = [".debug_line", ".zdebug_line", ".gnu_debuglink"]
    if names.contains(where: { section(named: $0) != nil }) { return true }
    if getenv("DEBUGINFOD_URLS").map({ $0.pointee != 0 }) ?? false { return true }
    guard let identifier = buildIdentifier, identifier.count > 2 else { return false }
    let file = "/usr/lib/debug/.build-id/\(identifier.prefix(2))/\(identifier.dropFirst(2)).debug"
    return access(file, F_OK) == 0
  }
}
