/// Everything that reads a format of lines. A new one is a folder and a line in this list.
enum TraceReaders {
  /// Shows each reader's type to a visitor, in the order in which they are asked what an input is.
  ///
  /// The visitor is compiled for each of them, so that no line is read through an existential.
  /// Those that keep nothing but names are shown as such, and so are those whose lines are read in
  /// stages, and those of logs and reports, in which events are few.
  @inline(__always)
  static func visitAll<Visitor: ReaderVisitor & ~Copyable>(_ visitor: inout Visitor) {
    visitor.visit(LTTngReader.self)
    visitor.visit(staged: FtraceReader.self)
    visitor.visit(PerfReader.self)
    visitor.visit(LockdepReader.self)
    visitor.visit(LockdepChainsReader.self)
    visitor.visit(STDReader.self)
    visitor.visit(naming: JSONLinesReader.self)
    visitor.visit(naming: TextTraceReader.self)
    visitor.visit(report: ReportReader<JVMDump>.self)
    visitor.visit(report: ReportReader<TSanReport>.self)
    visitor.visit(report: ReportReader<HelgrindReport>.self)
    visitor.visit(report: ReportReader<PostgreSQLLog>.self)
    visitor.visit(report: ReportReader<InnoDBStatus>.self)
    visitor.visit(report: ReportReader<GoroutineDump>.self)
    visitor.visit(report: ReportReader<GoDeadlockReport>.self)
    visitor.visit(report: ReportReader<DebuggerBacktraces>.self)
    visitor.visit(report: ReportReader<AndroidTraces>.self)
    visitor.visit(report: ReportReader<JavacoreFile>.self)
    visitor.visit(report: ReportReader<BitcoinLog>.self)
    visitor.visit(report: ReportReader<AbseilReport>.self)
    visitor.visit(report: ReportReader<ParkingLotReport>.self)
    visitor.visit(report: ReportReader<TracingMutexReport>.self)
    visitor.visit(report: KernelLogReader.self)
  }
}

/// Does something with each type of a reader.
protocol ReaderVisitor: ~Copyable {
  mutating func visit<Reader: LineReader & ~Copyable>(_ reader: Reader.Type)
  mutating func visit<Reader: NamingReader & ~Copyable>(naming reader: Reader.Type)
  mutating func visit<Reader: StagedReader & ~Copyable>(staged reader: Reader.Type)
  mutating func visit<Reader: LineReader & ~Copyable>(report reader: Reader.Type)
}

extension ReaderVisitor where Self: ~Copyable {
  mutating func visit<Reader: NamingReader & ~Copyable>(naming reader: Reader.Type) {
    visit(reader)
  }
  mutating func visit<Reader: StagedReader & ~Copyable>(staged reader: Reader.Type) {
    visit(reader)
  }
  mutating func visit<Reader: LineReader & ~Copyable>(report reader: Reader.Type) { visit(reader) }
}

extension TraceFormat: RawRepresentable, CaseIterable {
  /// What `lockdep-check record` leaves of a process. It has no lines.
  public static let recording = TraceFormat(named: "recording")
  /// What `lockdep-check merge` writes: orders with their evidence, and no events.
  public static let graph = TraceFormat(named: "graph")

  /// All formats that can be read, in the order of their names; those of this package's own come
  /// first.
  public static let allCases: [TraceFormat] = {
    var descriptions = Descriptions()
    TraceReaders.visitAll(&descriptions)
    let own: [TraceFormat] = [.text, .jsonl, .recording, .graph]
    let others = descriptions.all.map(\.format).filter { !own.contains($0) }
    return own + others.sorted { $0.rawValue < $1.rawValue }
  }()

  /// - Returns: `nil` if there is no such format.
  public init?(rawValue: String) {
    guard let known = Self.allCases.first(where: { $0.rawValue == rawValue }) else { return nil }
    self = known
  }

  private static let descriptions: [TraceFormat: Description] = {
    var descriptions = Descriptions()
    TraceReaders.visitAll(&descriptions)
    return Dictionary(descriptions.all.map { ($0.format, $0) }) { first, _ in first }
  }()

  /// What the format is, as a part of a sentence.
  var title: String { Self.descriptions[self]?.title ?? "a \(rawValue)" }
  /// What it comes from.
  var source: String { Self.descriptions[self]?.source ?? "a file that lockdep-check wrote" }
  /// What the format cannot say.
  var traits: TraceTraits { Self.descriptions[self]?.traits ?? TraceTraits() }
  /// What it means that there is nothing in an input of the format; `nil` if that it is empty.
  package var absence: String? { Self.descriptions[self]?.absence }
}

/// What a reader says of its format.
private struct Description {
  var format: TraceFormat
  var title: String
  var source: String
  var traits: TraceTraits
  var absence: String?
}

private struct Descriptions: ReaderVisitor {
  var all: [Description] = []

  mutating func visit<Reader: LineReader & ~Copyable>(_ reader: Reader.Type) {
    all.append(
      Description(
        format: Reader.format, title: Reader.title, source: Reader.source, traits: Reader.traits,
        absence: Reader.absence))
  }
}
