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

  private let findTool: () -> String?
  private lazy var tool = findTool()
  /// What the tool said, or that it does not know.
  private var known: [Address: String?] = [:]
  private var linesOfFiles: [String: Bool] = [:]
  /// Those that are told.
  private var places: Set<Address> = []

  /// - Parameter tool: `llvm-symbolizer`; without one nothing is known.
  package init(tool: @autoclosure @escaping () -> String? = SymbolizerTool.usualPath) {
    findTool = tool
  }

  package convenience init(of report: HangReport) {
    self.init()
    tell(of: report)
  }

  /// Finds out about frames that may be told of.
  package func prepare(_ stacks: [[StackFrame]]) { ask(addresses(in: stacks)) }

  /// Finds out about the frames that a report tells of.
  package func tell(of report: HangReport) {
    let threads = report.threads.filter { $0.wait != nil || !$0.holds.isEmpty }
    places = addresses(in: threads.map(\.frames))
    ask(places)
  }

  private func addresses(in stacks: [[StackFrame]]) -> Set<Address> {
    var addresses: Set<Address> = []
    for stack in stacks {
      // Where a library has a line tells the reader nothing.
      for frame in HangText.told(stack) where !frame.isOfSystem {
        guard addresses.count < Self.limit, let file = frame.file, let address = frame.ownAddress
        else { continue }
        addresses.insert(Address(file: file, address: address))
      }
    }
    return addresses
  }

  private func ask(_ addresses: Set<Address>) {
    var files: [String: [UInt64]] = [:]
    // Starting the tool takes longer than all the rest.
    for address in addresses where known[address] == nil && hasLines(address.file) {
      files[address.file, default: []].append(address.address)
    }
    guard !files.isEmpty, let tool, let process = SymbolizerTool(tool) else { return }
    for (file, addresses) in files.sorted(by: { $0.key < $1.key }) {
      let asked = addresses.sorted()
      for (address, frames) in zip(asked, process.frames(asked, in: file)) {
        let place = Address(file: file, address: address)
        known[place] = .some(nil)
        // Of functions that were inlined, the one that is outermost has the frame's name.
        guard let frame = frames.last, !frame.file.isEmpty, frame.line > 0 else { continue }
        let name = frame.file.split(separator: "/").last.map(String.init) ?? frame.file
        known[place] = "\(name):\(frame.line)"
      }
    }
  }

  private func hasLines(_ file: String) -> Bool {
    if let known = linesOfFiles[file] { return known }
    let hasLines = ELFFile(path: file)?.hasLines ?? false
    linesOfFiles[file] = hasLines
    return hasLines
  }

  /// `bank.c:41`
  package func place(of frame: StackFrame) -> String? {
    guard let file = frame.file, let address = frame.ownAddress else { return nil }
    let place = Address(file: file, address: address)
    return places.contains(place) ? known[place] ?? nil : nil
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
