/// Writes a canonical content, section by section.
struct GraphFileWriter {
  private let content: GraphContent
  private let write: (UnsafeRawBufferPointer) -> Bool
  private var digest = ContentDigest()

  /// - Parameters:
  ///   - content: a canonical one.
  ///   - write: takes bytes, and returns false if it cannot; then nothing more is written.
  init(_ content: GraphContent, write: @escaping (UnsafeRawBufferPointer) -> Bool) {
    self.content = content
    self.write = write
  }

  /// - Returns: false if bytes could not be written.
  mutating func run() -> Bool {
    var header = BinaryWriter()
    header.raw(GraphFileMark.bytes)
    header.number(GraphFile.version)
    guard send(header.bytes) else { return false }
    for section in GraphFile.Section.allCases {
      var payload = BinaryWriter()
      encode(section, to: &payload)
      var frame = BinaryWriter()
      frame.byte(section.rawValue)
      frame.number(payload.bytes.count)
      guard send(frame.bytes), send(payload.bytes) else { return false }
    }
    return true
  }

  private mutating func send(_ bytes: [UInt8]) -> Bool {
    bytes.withUnsafeBytes {
      digest.add($0)
      return write($0)
    }
  }

  private func encode(_ section: GraphFile.Section, to writer: inout BinaryWriter) {
    switch section {
    case .texts: encodeTexts(to: &writer)
    case .inputs: encodeInputs(to: &writer)
    case .classes: encodeClasses(to: &writer)
    case .locks: encodeLocks(to: &writer)
    case .threads: encodeThreads(to: &writer)
    case .epochs: encodeEpochs(to: &writer)
    case .records: encodeRecords(to: &writer)
    case .edges: encodeEdges(to: &writer)
    case .marks: encodeMarks(to: &writer)
    case .statedMarks: encodeStatedMarks(to: &writer)
    case .found: encodeFound(to: &writer)
    case .end: writer.digest(digest.value)
    }
  }

  private func encodeTexts(to writer: inout BinaryWriter) {
    writer.number(content.texts.count)
    for number in 0..<UInt32(content.texts.count) {
      content.texts.withBytes(number) {
        writer.number($0.count)
        writer.raw($0)
      }
    }
  }

  private func encodeInputs(to writer: inout BinaryWriter) {
    writer.byte(
      (content.isBounded ? 1 : 0) | (content.isDepthBounded ? 2 : 0)
        | (content.isFoundBounded ? 4 : 0))
    writer.number(content.inputs.count)
    for input in content.inputs {
      writer.number(input.name)
      writer.number(input.format)
      writer.digest(input.digest)
      for quantity in [
        input.events, input.facts, input.threads, input.locks, input.omitted, input.skipped,
      ] {
        writer.number(min(quantity, GraphFile.greatestCount))
      }
      writer.optional(input.remarks)
    }
  }

  private func encodeClasses(to writer: inout BinaryWriter) {
    writer.number(content.classes.count)
    var counts = content.classCounts[...]
    var name = Ascending()
    for (number, lockClass) in content.classes.enumerated() {
      writer.number(name.step(to: lockClass.name))
      writer.byte(
        lockClass.level | (lockClass.nestsByInstance ? 0x40 : 0)
          | (lockClass.isListed ? 0x80 : 0))
      writer.number(lockClass.kinds)
      let own = counts.prefix { $0.lockClass == UInt32(number) }
      counts = counts.dropFirst(own.count)
      writer.number(own.count)
      var input = Ascending()
      for count in own {
        writer.number(input.step(to: count.input))
        writer.number(min(count.acquisitions, GraphFile.greatestCount))
        writer.number(min(count.instances, GraphFile.greatestCount))
      }
    }
  }

  private func encodeLocks(to writer: inout BinaryWriter) {
    writer.number(content.locks.count)
    var input: UInt32 = 0
    var number = Ascending()
    for lock in content.locks {
      writer.number(lock.input - input)
      if lock.input != input { (input, number) = (lock.input, Ascending()) }
      writer.number(number.step(to: lock.number))
      writer.number(lock.name)
      writer.number(lock.lockClass)
    }
  }

  private func encodeThreads(to writer: inout BinaryWriter) {
    writer.number(content.threads.count)
    var guards = content.guards[...]
    var input: UInt32 = 0
    var number: UInt32 = 0
    var life = Ascending()
    for (row, thread) in content.threads.enumerated() {
      writer.number(thread.input - input)
      if thread.input != input { (input, number, life) = (thread.input, 0, Ascending()) }
      writer.number(thread.number - number)
      if thread.number != number { (number, life) = (thread.number, Ascending()) }
      writer.number(life.step(to: thread.life))
      writer.number(thread.name)
      let own = guards.prefix { $0.thread == UInt32(row) }
      guards = guards.dropFirst(own.count)
      writer.number(own.count)
      for row in own {
        writer.number(row.lock)
        writer.number(row.holderNumber)
        writer.number(row.holderLife)
      }
    }
  }

  private func encodeEpochs(to writer: inout BinaryWriter) {
    writer.number(content.epochs.count)
    var input: UInt32 = 0
    var number = Ascending()
    for epoch in content.epochs {
      writer.number(epoch.input - input)
      if epoch.input != input { (input, number) = (epoch.input, Ascending()) }
      writer.number(number.step(to: epoch.number))
      writer.number(epoch.number - epoch.first)
      writer.number(epoch.second == GraphContent.none ? 0 : epoch.number - epoch.second)
    }
  }

  private func encodeRecords(to writer: inout BinaryWriter) {
    writer.number(content.records.count)
    var thread: UInt32 = 0
    var line: UInt64 = 0
    for record in content.records {
      writer.number(record.thread - thread)
      if record.thread != thread { (thread, line) = (record.thread, 0) }
      writer.number(record.line - line)
      line = record.line
      writer.number(record.wanted)
      writer.number(record.wantedClass)
      writer.byte(record.mode.rawValue | (record.isNested ? 4 : 0))
      writer.byte(record.options.rawValue)
      writer.byte(record.endings.rawValue)
      writer.optional(record.place)
      writer.optional(record.stack)
      writer.number(record.epoch)
      writer.number(record.heldCount)
      let start = Int(record.heldStart)
      for row in content.held[start..<start + Int(record.heldCount)] { encode(row, to: &writer) }
    }
  }

  private func encode(_ row: GraphContent.Held, to writer: inout BinaryWriter) {
    writer.number(row.lock)
    writer.number(row.lockClass)
    writer.byte(row.mode.rawValue | (row.isGate ? 4 : 0))
    writer.optional(row.place)
    writer.optional(row.stack)
    writer.number(row.position)
    writer.number(row.line)
  }

  private func encodeEdges(to writer: inout BinaryWriter) {
    writer.number(content.edges.count)
    var counts = content.edgeCounts[...]
    var witnesses = content.witnesses[...]
    var statements = content.statements[...]
    var from: UInt32 = 0
    var to = Ascending()
    for (number, edge) in content.edges.enumerated() {
      writer.number(edge.from - from)
      if edge.from != from { (from, to) = (edge.from, Ascending()) }
      writer.number(to.step(to: edge.to))
      writer.byte(
        edge.kinds.rawValue | edge.basis.rawValue << 4 | (edge.isEvidenceBounded ? 0x40 : 0)
          | (edge.isThreadBounded ? 0x80 : 0))

      let ownCounts = counts.prefix { $0.edge == UInt32(number) }
      counts = counts.dropFirst(ownCounts.count)
      writer.number(ownCounts.count)
      var input = Ascending()
      for count in ownCounts {
        writer.number(input.step(to: count.input))
        writer.number(min(count.count, GraphFile.greatestCount))
      }

      let ownWitnesses = witnesses.prefix { $0.edge == UInt32(number) }
      witnesses = witnesses.dropFirst(ownWitnesses.count)
      writer.number(ownWitnesses.count)
      for witness in ownWitnesses { encode(witness, to: &writer) }

      let ownStatements = statements.prefix { $0.edge == UInt32(number) }
      statements = statements.dropFirst(ownStatements.count)
      writer.number(ownStatements.count)
      for statement in ownStatements { encode(statement, to: &writer) }
    }
  }

  private func encode(_ witness: GraphContent.Witness, to writer: inout BinaryWriter) {
    writer.number(witness.record)
    writer.byte(witness.kind.rawValue | (witness.isPinned ? 0x10 : 0))
    writer.number(witness.rank)
    writer.number(witness.hasOwnSource ? 0 : witness.source + 1)
    if witness.hasOwnSource { encode(content.source(of: witness), to: &writer) }
  }

  private func encode(_ statement: GraphContent.Statement, to writer: inout BinaryWriter) {
    writer.number(statement.input)
    writer.byte(statement.kinds.rawValue | statement.basis.rawValue << 4)
    writer.optional(statement.heldPlace)
    writer.optional(statement.heldStack)
    writer.number(statement.heldLine)
    writer.optional(statement.place)
    writer.optional(statement.stack)
    writer.number(statement.line)
  }

  private func encodeMarks(to writer: inout BinaryWriter) {
    writer.number(content.marks.count)
    var lockClass: UInt32 = 0
    for mark in content.marks {
      writer.number(mark.lockClass - lockClass)
      lockClass = mark.lockClass
      writer.number(mark.marks.rawValue)
      writer.number(mark.thread)
      writer.number(mark.lock)
      writer.byte(mark.mode.rawValue)
      writer.optional(mark.place)
      writer.optional(mark.stack)
      writer.number(mark.line)
      writer.number(mark.unmaskedLine)
    }
  }

  private func encodeStatedMarks(to writer: inout BinaryWriter) {
    writer.number(content.statedMarks.count)
    var lockClass: UInt32 = 0
    var input = Ascending()
    for mark in content.statedMarks {
      writer.number(mark.lockClass - lockClass)
      if mark.lockClass != lockClass { (lockClass, input) = (mark.lockClass, Ascending()) }
      writer.number(input.step(to: mark.input))
      writer.number(mark.marks.rawValue)
      writer.number(mark.line)
    }
  }

  private func encodeFound(to writer: inout BinaryWriter) {
    writer.number(content.found.count)
    var counts = content.foundCounts[...]
    var fingerprint = Ascending()
    for (number, found) in content.found.enumerated() {
      writer.number(fingerprint.step(to: found.fingerprint))
      writer.flag(found.isReport)
      writer.number(found.input)
      writer.number(found.finding)
      let own = counts.prefix { $0.found == UInt32(number) }
      counts = counts.dropFirst(own.count)
      writer.number(own.count)
      var input = Ascending()
      for count in own {
        writer.number(input.step(to: count.input))
        writer.number(min(count.occurrences, GraphFile.greatestCount))
      }
    }
  }
}

/// Numbers that rise: the first is written as it is, each other one by how many it leaves out.
private struct Ascending {
  private var next: UInt32 = 0

  mutating func step(to number: UInt32) -> UInt32 {
    defer { next = number + 1 }
    return number - next
  }
}
