#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#elseif canImport(Darwin)
  import Darwin
#endif

/// A recording as an input.
struct RecordingInput {
  let recording: Recording
  let options: ReadingOptions

  /// - Returns: `nil` if the input is no recording, or none that can be read where it is.
  static func open(
    _ source: TraceSource, _ options: ReadingOptions
  ) throws(TraceError) -> RecordingInput? {
    guard options.format == nil || options.format == .recording else { return nil }
    switch source {
    case .file(let path):
      guard isRegular(path), try begins(path) else { return nil }
      return RecordingInput(recording: try Recording(contentsOf: path), options: options)
    case .bytes(let bytes, let name):
      guard bytes.starts(with: RecordingMark.bytes) else { return nil }
      return RecordingInput(
        recording: try Recording(RecordingBytes(bytes), named: name), options: options)
    case .standardInput: return nil
    }
  }

  private static func isRegular(_ path: String) -> Bool {
    var status = stat()
    return stat(path, &status) == 0 && status.st_mode & S_IFMT == S_IFREG
  }

  private static func begins(_ path: String) throws(TraceError) -> Bool {
    let file = try FileDescriptor.open(path)
    return file.beginning(RecordingMark.bytes.count).elementsEqual(RecordingMark.bytes)
  }

  /// Reads it to its end.
  ///
  /// - Throws: what is damaged; with `keepGoing` that is a warning, and what came before was read.
  func read<Consumer: EventConsumer & ~Copyable>(
    number: UInt32, into consumer: inout Consumer, progress: ((Int) -> Void)?
  ) throws(TraceError) -> TraceInput {
    consumer.beginInput(number, traits: TraceFormat.recording.traits)
    var reader = RecordingReader(
      recording, options.recordings, progress: progress)
    var warnings: [String] = []
    do throws(TraceError) {
      try reader.read(into: &consumer)
    } catch {
      guard options.keepGoing, consumer.wantsMore else { throw error }
      warnings.append("\(error.message), and was read up to there")
    }
    var input = TraceInput(
      name: options.namesProcesses ? processName : recording.name,
      format: TraceFormat.recording.rawValue, events: reader.events,
      skipped: 0, firstSkipped: nil, warnings: reader.warnings + warnings)
    input.lastTenth = reader.lastTenth
    input.systemLocks = reader.systemLocks.count
    input.hasEndedWell = recording.header.end == .exited(0)
    if options.digestsContent { input.digest = digest() }
    return input
  }

  /// The name of the file without folders and ending.
  private var processName: String {
    let file = recording.name.split(separator: "/").last.map(String.init) ?? recording.name
    return file.hasSuffix(".lgt") ? String(file.dropLast(4)) : file
  }

  private func digest() -> ContentDigest.Value {
    var digest = ContentDigest()
    var offset: UInt64 = 0
    while true {
      let piece = recording.bytes.bytes(offset, 1 << 20)
      guard !piece.isEmpty else { return digest.value }
      piece.withUnsafeBytes { digest.add($0) }
      offset += UInt64(piece.count)
    }
  }
}

/// A recording that comes piece by piece.
final class GatheredRecording {
  private let name: String
  private let options: ReadingOptions
  private var content: [UInt8] = []
  private(set) var events: UInt64 = 0
  private(set) var warnings: [String] = []

  init(_ name: String, _ options: ReadingOptions) {
    self.name = name
    self.options = options
  }

  func take<Consumer: EventConsumer & ~Copyable>(
    _ bytes: UnsafeRawBufferPointer, isLast: Bool, into consumer: inout Consumer
  ) throws(TraceError) {
    content.append(contentsOf: bytes)
    guard isLast else { return }
    let recording = try Recording(RecordingBytes(content), named: name)
    content = []
    var reader = RecordingReader(
      recording, options.recordings, progress: nil)
    do throws(TraceError) {
      try reader.read(into: &consumer)
      warnings = reader.warnings
    } catch {
      guard options.keepGoing, consumer.wantsMore else { throw error }
      warnings = ["\(error.message), and was read up to there"]
    }
    events = reader.events
  }
}

extension ReadingOptions {
  fileprivate var recordings: RecordingReader.Options {
    RecordingReader.Options(
      showsSystemLocks: showsSystemLocks, includesUnsettled: readsUnsettled,
      sumsOmissions: sumsOmissions)
  }
}
