import CLockGraph

#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#elseif canImport(Darwin)
  import Darwin
#endif

/// What an output says of the process that wrote it, so that others know whether they may write it
/// anew: `RUN/PROCESS/START/IMAGE`.
struct OutputStamp: Equatable {
  /// 16 hexadecimal digits that all processes of a run have in common.
  var run: String
  /// The number of the process.
  var process: Int32
  /// When it began.
  var start: UInt64
  /// When its program did, and which of its outputs it is: a process can become another program.
  var image: String

  var text: String { "\(run)/\(process)/\(start)/\(image)" }

  /// The process as its reports name it.
  var reported: ReportedProcess {
    ReportedProcess(id: process, run: text, name: ProgramName.text)
  }

  /// When this program began to use locks.
  private static let begin = lg_now()

  /// This process's.
  ///
  /// - Parameter output: tells its outputs apart, should they have one path.
  init(of output: String) {
    run = ProgramRun.identifier
    process = getpid()
    start = ProgramRun.start(of: process) ?? 0
    image = "\(Self.begin)\(output)"
  }

  /// The one that a file begins with; `nil` if it has none.
  init?(ofFile path: String) {
    self.init(in: SystemFile.bytes(path, atMost: 4096)[...])
  }

  /// The first one in some text.
  private init?(in bytes: ArraySlice<UInt8>) {
    let text = String(decoding: bytes, as: UTF8.self)
    for word in text.split(whereSeparator: { " \"\n,".contains($0) }) {
      let parts = word.split(separator: "/", omittingEmptySubsequences: false)
      guard parts.count == 4, parts[0].count == 16, parts[0].allSatisfy(\.isHexDigit),
        let process = Int32(parts[1]), process > 0, let start = UInt64(parts[2])
      else { continue }
      (run, self.process, self.start, image) = (String(parts[0]), process, start, String(parts[3]))
      return
    }
    return nil
  }

  /// The process is there still; whether it is on this machine is not known.
  var isAlive: Bool { ProgramRun.start(of: process) == start }
}
