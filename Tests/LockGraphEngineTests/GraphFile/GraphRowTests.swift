import TestSupport
import Testing

@testable import LockGraphEngine

/// Rows of a content that has some in every table, and in every column something that is not usual.
@Suite struct GraphRowTests {
  private var content: GraphContent {
    var content = GraphContent()
    for text in ["A", "A/3", "B", "a.c:1", "f;g", "text", "x", "y"] {
      _ = content.texts.intern(text)
    }
    content.inputs = [
      GraphContent.Input(
        name: 6, format: 5, digest: ContentDigest.Value(first: 9, second: 8), events: 1, facts: 2,
        threads: 3, locks: 4, omitted: 5, skipped: 6),
      GraphContent.Input(
        name: 6, format: 5, digest: ContentDigest.Value(first: 9, second: 9), events: 1 << 40,
        facts: 7, threads: 8, locks: 9, omitted: 10, skipped: 11),
    ]
    content.classes = [
      GraphContent.LockClass(name: 0, kinds: 0x1001, isListed: true),
      GraphContent.LockClass(name: 1, level: 3, nestsByInstance: true),
      GraphContent.LockClass(name: 2),
    ]
    content.classCounts = [
      GraphContent.ClassCount(lockClass: 0, input: 1, acquisitions: 7, instances: 3),
      GraphContent.ClassCount(lockClass: 2, input: 0, acquisitions: 1 << 33, instances: 1),
      GraphContent.ClassCount(lockClass: 2, input: 1, acquisitions: 2, instances: 2),
    ]
    content.locks = [
      GraphContent.Lock(input: 0, number: 300, name: 6, lockClass: 0),
      GraphContent.Lock(input: 1, number: 1, name: 6, lockClass: 0),
      GraphContent.Lock(input: 1, number: 2, name: 7, lockClass: 2),
    ]
    content.threads = [
      GraphContent.Thread(input: 0, life: ThreadLife(number: 5, life: 1), name: 6),
      GraphContent.Thread(input: 1, life: ThreadLife(number: 5), name: 6),
      GraphContent.Thread(input: 1, life: ThreadLife(number: 5, life: 2), name: 7),
    ]
    content.guards = [
      GraphContent.Guard(thread: 1, lock: 1, holder: ThreadLife(number: 4, life: 3)),
      GraphContent.Guard(thread: 1, lock: 1, holder: ThreadLife(number: 4, life: 9)),
    ]
    addEvidence(to: &content)
    content.marks = [
      GraphContent.Mark(
        lockClass: 2, marks: ContextMarks(rawValue: 0x8001), thread: 2, lock: 2,
        mode: .recursiveRead, place: 3, stack: 4, line: 12, unmaskedLine: 11)
    ]
    content.statedMarks = [
      GraphContent.StatedMark(
        lockClass: 0, input: 1, marks: ContextMarks(rawValue: 2), line: 1 << 34)
    ]
    content.isBounded = true
    content.isFoundBounded = true
    return content
  }

  private func addEvidence(to content: inout GraphContent) {
    content.epochs = [GraphContent.Epoch(input: 1, number: 9, first: 7, second: 2)]
    content.held = [
      GraphContent.Held(
        lock: 1, lockClass: 0, place: 3, stack: 4, position: 64, mode: .read, isGate: true,
        line: 3),
      GraphContent.Held(lock: 1, lockClass: 0, position: 65, line: 4),
      GraphContent.Held(lock: 1, lockClass: 0, position: 2, mode: .recursiveRead, line: 1 << 33),
    ]
    content.records = [
      GraphContent.Record(
        thread: 1, wanted: 2, wantedClass: 2, place: 3, stack: 4, epoch: 9,
        held: RowSpan(start: 0, count: 2), line: 1 << 35, mode: .read, options: .try,
        endings: .killable, isNested: true),
      GraphContent.Record(
        thread: 2, wanted: 2, wantedClass: 2, epoch: 2,
        held: RowSpan(start: 2, count: 0), line: 5),
    ]
    content.edges = [
      GraphContent.Edge(
        from: 0, to: 2, kinds: [.en, .sr], isEvidenceBounded: true, isThreadBounded: true),
      GraphContent.Edge(from: 2, to: 0, kinds: .sn, basis: .statedOrder),
    ]
    content.edgeCounts = [GraphContent.EdgeCount(edge: 0, input: 1, count: 99)]
    content.witnesses = [
      GraphContent.Witness(
        edge: 0, record: 0, source: .init(place: 1), rank: 1, kind: .sr, isPinned: true),
      GraphContent.Witness(edge: 0, record: 1, source: .init(own: 2), rank: 2, kind: .en),
    ]
    content.statements = [
      GraphContent.Statement(
        edge: 1, input: 0, basis: .statedNesting, kinds: .sn, heldPlace: 3, heldStack: 4,
        heldLine: 8, place: 4, stack: 3, line: 9)
    ]
  }

  private func written(_ content: GraphContent) -> [UInt8] {
    let output = WrittenBytes()
    var writer = GraphFileWriter(content) { output.append($0) }
    let isWritten = writer.run()
    #expect(isWritten)
    return output.bytes
  }

  private func read(_ bytes: [UInt8]) throws(TraceError) -> GraphContent {
    var contents: [GraphContent] = []
    let decoder = GraphFileDecoder(name: "1.graph")
    var failure: TraceError?
    bytes.withUnsafeBytes { bytes in
      do throws(TraceError) {
        try decoder.decode(bytes, isLast: true) { contents.append($0) }
      } catch {
        failure = error
      }
    }
    if let failure { throw failure }
    return contents[0]
  }

  /// All rows of all tables, in words.
  private func rows(of content: GraphContent) -> [String] {
    var listing = RowListing()
    var content = content
    content.visitTables(&listing)
    let bounds = [content.isBounded, content.isDepthBounded, content.isFoundBounded]
    let texts = (0..<UInt32(content.texts.count)).map { content.texts.string($0) }
    return listing.rows + ["\(bounds)", "\(texts)"]
  }

  @Test func `What is written of each column is read again`() throws {
    let read = try read(written(content))
    for (one, other) in zip(rows(of: read), rows(of: content)) { #expect(one == other) }
    #expect(rows(of: read).count == rows(of: content).count)
  }

  @Test func `A content that is put behind another one leads to its own rows`() throws {
    var behind = GraphContent()
    _ = behind.texts.intern("y")
    behind.inputs = [GraphContent.Input(name: 0, format: 0)]
    behind.classes = [GraphContent.LockClass(name: 0)]
    behind.append(content)
    #expect(behind.records[0].held.start == 0 && behind.records[0].wantedClass == 3)
    #expect(behind.witnesses[1].source.own == 2)
    #expect(behind.texts.string(behind.threads[2].name) == "y")
    behind.append(content)
    #expect(behind.records[2].thread == 4 && behind.records[2].held.start == 3)
    #expect(behind.witnesses[3].source.own == 5 && behind.witnesses[2].source.place == 1)
    #expect(behind.guards[2].thread == 4 && behind.guards[2].lock == 4)
    #expect(behind.epochs[1].source == 2 && behind.epochs[1].input == 4)
    #expect(behind.inputs[3].remarks == .none)
    #expect(behind.statements[1].edge == 3 && behind.statements[1].heldPlace == 4)
  }

  @Test func `What a row refers to stays, and what belongs to a row goes with it`() throws {
    var content = content
    content.keep(GraphContent.Edge.self, where: [false, true])
    #expect(content.edgeCounts.isEmpty && content.witnesses.isEmpty)
    #expect(content.statements.map(\.edge) == [0])
    content.compact(GraphContent.Record.self)
    #expect(content.records.isEmpty)
    content.compact(GraphContent.Thread.self)
    #expect(content.threads.map(\.name) == [7], "the mark's is left")
    #expect(content.guards.isEmpty && content.marks.map(\.thread) == [0])
  }

  @Test func `Held locks that belong to nothing, and dependencies without evidence, are refused`()
    throws
  {
    var loose = content
    loose.held.append(loose.held[0])
    #expect(message(of: loose) == "a held lock that belongs to nothing")
    var short = content
    short.held.removeLast()
    #expect(message(of: short) == "more held locks than there are")
    var bare = content
    bare.statements = []
    #expect(message(of: bare) == "a dependency without its evidence")
    var other = content
    other.records[0].wanted = 0
    #expect(message(of: other) == "a lock of another input")
    var level = content
    level.classes[2].level = 3
    #expect(message(of: level) == "a nesting level that its name does not have")
  }

  /// What is wrong, without the byte.
  private func message(of content: GraphContent) -> String? {
    do throws(TraceError) {
      _ = try read(written(content))
      return nil
    } catch {
      return error.message.split(separator: ": ").last.map { String($0) }
    }
  }
}

private struct RowListing: TableVisitor {
  var rows: [String] = []

  mutating func visit<Table: GraphRow>(_ table: Table.Type, of content: inout GraphContent) {
    rows += content[keyPath: Table.rows].map { "\($0)" }
  }
}
