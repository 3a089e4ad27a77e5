/// Reads the sections of a graph file into a content.
///
/// It refuses what the writer does not write: numbers that lead nowhere, rows out of order, dependencies without
/// evidence. So what was read can be used as it is, and only its bounds are those of whoever wrote it.
struct GraphFileReader {
  private(set) var content = GraphContent()

  mutating func read(
    _ section: GraphFile.Section, from reader: inout BinaryReader
  ) throws(GraphFileFailure) {
    switch section {
    case .texts: try readTexts(&reader)
    case .inputs: try readInputs(&reader)
    case .classes: try readClasses(&reader)
    case .locks: try readLocks(&reader)
    case .threads: try readThreads(&reader)
    case .epochs: try readEpochs(&reader)
    case .records: try readRecords(&reader)
    case .edges: try readEdges(&reader)
    case .marks: try readMarks(&reader)
    case .statedMarks: try readStatedMarks(&reader)
    case .found: try readFound(&reader)
    case .end: break
    }
    if section != .end { try reader.expectEnd() }
  }

  private mutating func readTexts(_ reader: inout BinaryReader) throws(GraphFileFailure) {
    var last: UnsafeRawBufferPointer?
    for _ in 0..<(try reader.count()) {
      let text = try reader.raw(try reader.count())
      if let last, !last.precedes(text) { throw reader.failure("a text that is out of order") }
      _ = content.texts.intern(text)
      last = text
    }
  }

  private mutating func readInputs(_ reader: inout BinaryReader) throws(GraphFileFailure) {
    let flags = try reader.bits(7)
    content.isBounded = flags & 1 != 0
    content.isDepthBounded = flags & 2 != 0
    content.isFoundBounded = flags & 4 != 0
    for _ in 0..<(try reader.count(eachOf: 25)) {
      var input = GraphContent.Input(
        name: try text(&reader), format: try text(&reader), digest: try reader.digest())
      input.events = try reader.quantity()
      input.facts = try reader.quantity()
      input.threads = try reader.quantity()
      input.locks = try reader.quantity()
      input.omitted = try reader.quantity()
      input.skipped = try reader.quantity()
      input.remarks = try optionalText(&reader)
      if input.remarks != GraphContent.none {
        try check(input.remarks, reader) { (inner) throws(GraphFileFailure) in
          _ = try InputRemarks(from: &inner)
        }
      }
      if let last = content.inputs.last {
        guard (last.name, last.format, last.digest) < (input.name, input.format, input.digest)
        else { throw reader.failure("an input that is out of order") }
      }
      content.inputs.append(input)
    }
  }

  /// Looks whether a text is what it should be.
  private func check(
    _ text: UInt32, _ reader: BinaryReader,
    _ body: (inout BinaryReader) throws(GraphFileFailure) -> Void
  ) throws(GraphFileFailure) {
    let result = content.texts.withBytes(text) { bytes -> Result<Void, GraphFileFailure> in
      var inner = BinaryReader(bytes, at: 0)
      do throws(GraphFileFailure) {
        try body(&inner)
        return .success(try inner.expectEnd())
      } catch {
        return .failure(
          reader.failure("text \(text), at its byte \(error.offset): \(error.message)"))
      }
    }
    try result.get()
  }

  private func text(_ reader: inout BinaryReader) throws(GraphFileFailure) -> UInt32 {
    try reader.number(below: content.texts.count, "text")
  }

  private func optionalText(_ reader: inout BinaryReader) throws(GraphFileFailure) -> UInt32 {
    try reader.optional(below: content.texts.count, "text")
  }

  /// The next of numbers that rise and are those of a table.
  private func next(
    _ ascending: inout UInt32, below count: Int, _ what: String, _ reader: inout BinaryReader
  ) throws(GraphFileFailure) -> UInt32 {
    let number = try reader.number(after: ascending)
    guard number < UInt32(count) else {
      throw reader.failure("\(what) number \(number) where there are \(count)")
    }
    ascending = number + 1
    return number
  }

  /// The next of numbers that do not fall and are those of a table; false if it is that of the row before.
  private func step(
    _ current: inout UInt32, below count: Int, _ what: String, _ reader: inout BinaryReader
  ) throws(GraphFileFailure) -> Bool {
    let number = try reader.number(after: current)
    guard number < UInt32(count) else {
      throw reader.failure("\(what) number \(number) where there are \(count)")
    }
    defer { current = number }
    return number != current
  }

  private mutating func readClasses(_ reader: inout BinaryReader) throws(GraphFileFailure) {
    var names: UInt32 = 0
    for row in 0..<UInt32(try reader.count(eachOf: 4)) {
      let name = try next(&names, below: content.texts.count, "text", &reader)
      let facts = try reader.bits(0xC7)
      let kinds = try reader.number()
      guard kinds < 1 << UInt64(LockKind.allCases.count) else {
        throw reader.failure("an unknown kind of lock")
      }
      let level = facts & 7
      if level > 0, !content.texts.withBytes(name, { $0.endsInLevel(level) }) {
        throw reader.failure("a nesting level that its name does not have")
      }
      content.classes.append(
        GraphContent.LockClass(
          name: name, kinds: UInt16(kinds), level: level, isListed: facts & 0x80 != 0,
          nestsByInstance: facts & 0x40 != 0))
      var inputs: UInt32 = 0
      for _ in 0..<(try reader.count(eachOf: 3)) {
        content.classCounts.append(
          GraphContent.ClassCount(
            lockClass: row,
            input: try next(&inputs, below: content.inputs.count, "input", &reader),
            acquisitions: try reader.quantity(), instances: try reader.quantity()))
      }
    }
  }

  private mutating func readLocks(_ reader: inout BinaryReader) throws(GraphFileFailure) {
    var (input, numbers): (UInt32, UInt32) = (0, 0)
    for _ in 0..<(try reader.count(eachOf: 4)) {
      if try step(&input, below: content.inputs.count, "input", &reader) { numbers = 0 }
      let number = try reader.number(after: numbers)
      numbers = number + 1
      content.locks.append(
        GraphContent.Lock(
          input: input, number: number, name: try text(&reader), lockClass: try lockClass(&reader)))
    }
  }

  private func lockClass(_ reader: inout BinaryReader) throws(GraphFileFailure) -> UInt32 {
    try reader.number(below: content.classes.count, "class")
  }

  private func lock(
    of input: UInt32, _ reader: inout BinaryReader
  ) throws(GraphFileFailure) -> UInt32 {
    let number = try reader.number(below: content.locks.count, "lock")
    guard content.locks[Int(number)].input == input else {
      throw reader.failure("a lock of another input")
    }
    return number
  }

  private mutating func readThreads(_ reader: inout BinaryReader) throws(GraphFileFailure) {
    var (input, number, lives): (UInt32, UInt32, UInt32) = (0, 0, 0)
    for row in 0..<UInt32(try reader.count(eachOf: 5)) {
      if try step(&input, below: content.inputs.count, "input", &reader) {
        (number, lives) = (0, 0)
      }
      let next = try reader.number(after: number)
      if next != number { (number, lives) = (next, 0) }
      let life = try reader.number(after: lives)
      lives = life + 1
      content.threads.append(
        GraphContent.Thread(input: input, number: number, life: life, name: try text(&reader)))
      for _ in 0..<(try reader.count(eachOf: 3)) {
        content.guards.append(
          GraphContent.Guard(
            thread: row, lock: try lock(of: input, &reader),
            holderNumber: try reader.number(after: 0), holderLife: try reader.number(after: 0)))
      }
    }
  }

  private mutating func readEpochs(_ reader: inout BinaryReader) throws(GraphFileFailure) {
    var (input, numbers): (UInt32, UInt32) = (0, 0)
    for _ in 0..<(try reader.count(eachOf: 4)) {
      if try step(&input, below: content.inputs.count, "input", &reader) { numbers = 0 }
      let number = try reader.number(after: numbers)
      numbers = number + 1
      let back = try reader.number(below: Int(number) + 1, "fork or join")
      let furtherBack = try reader.number(below: Int(number) + 1, "fork or join")
      guard back > 0, furtherBack == 0 || furtherBack > back else {
        throw reader.failure("a fork or join that comes after itself, or twice after another")
      }
      content.epochs.append(
        GraphContent.Epoch(
          source: 0, input: input, number: number, first: number - back,
          second: furtherBack == 0 ? GraphContent.none : number - furtherBack))
    }
  }

  private mutating func readRecords(_ reader: inout BinaryReader) throws(GraphFileFailure) {
    var (thread, line): (UInt32, UInt64) = (0, 0)
    for _ in 0..<(try reader.count(eachOf: 11)) {
      if try step(&thread, below: content.threads.count, "thread", &reader) { line = 0 }
      let input = content.threads[Int(thread)].input
      let lines = try reader.number()
      guard lines <= .max - line else { throw reader.failure("a line that is too great") }
      line += lines
      let (wanted, wantedClass) = (try lock(of: input, &reader), try lockClass(&reader))
      let facts = try reader.bits(7)
      guard let mode = LockMode(rawValue: facts & 3) else {
        throw reader.failure("an unknown mode")
      }
      var record = GraphContent.Record(
        thread: thread, wanted: wanted, wantedClass: wantedClass, place: 0, stack: 0, epoch: 0,
        heldStart: UInt32(content.held.count), heldCount: 0, line: line, mode: mode,
        options: try reader.options(), endings: try reader.options(), isNested: facts & 4 != 0)
      record.place = try optionalText(&reader)
      record.stack = try optionalText(&reader)
      record.epoch = try reader.number(after: 0)
      let heldCount = try reader.count(eachOf: 7)
      guard heldCount <= EvidenceStore.heldLimit else {
        throw reader.failure("\(heldCount) locks held, more than are kept")
      }
      record.heldCount = UInt32(heldCount)
      for _ in 0..<heldCount { content.held.append(try held(of: input, &reader)) }
      content.records.append(record)
    }
  }

  private func held(
    of input: UInt32, _ reader: inout BinaryReader
  ) throws(GraphFileFailure) -> GraphContent.Held {
    let lock = try self.lock(of: input, &reader)
    let lockClass = try self.lockClass(&reader)
    let facts = try reader.bits(7)
    guard let mode = LockMode(rawValue: facts & 3) else { throw reader.failure("an unknown mode") }
    return GraphContent.Held(
      lock: lock, lockClass: lockClass, place: try optionalText(&reader),
      stack: try optionalText(&reader), position: try reader.number(after: 0), mode: mode,
      isGate: facts & 4 != 0, line: try reader.number())
  }

  private mutating func readEdges(_ reader: inout BinaryReader) throws(GraphFileFailure) {
    var (from, targets): (UInt32, UInt32) = (0, 0)
    for row in 0..<UInt32(try reader.count(eachOf: 6)) {
      if try step(&from, below: content.classes.count, "class", &reader) { targets = 0 }
      let to = try next(&targets, below: content.classes.count, "class", &reader)
      let facts = try reader.byte()
      guard let basis = LockOrderGraph.Basis(rawValue: facts >> 4 & 3) else {
        throw reader.failure("an unknown basis of a dependency")
      }
      content.edges.append(
        GraphContent.Edge(
          from: from, to: to, kinds: DependencyKinds(rawValue: facts & 15), basis: basis,
          isEvidenceBounded: facts & 0x40 != 0, isThreadBounded: facts & 0x80 != 0))
      var inputs: UInt32 = 0
      for _ in 0..<(try reader.count(eachOf: 2)) {
        content.edgeCounts.append(
          GraphContent.EdgeCount(
            edge: row, input: try next(&inputs, below: content.inputs.count, "input", &reader),
            count: try reader.quantity()))
      }
      let witnesses = try reader.count(eachOf: 4)
      for _ in 0..<witnesses { content.witnesses.append(try witness(of: row, &reader)) }
      let statements = try reader.count(eachOf: 8)
      for _ in 0..<statements { content.statements.append(try statement(of: row, &reader)) }
      guard basis == .events ? witnesses > 0 : witnesses == 0 && statements > 0 else {
        throw reader.failure("a dependency without its evidence")
      }
    }
  }

  private mutating func witness(
    of edge: UInt32, _ reader: inout BinaryReader
  ) throws(GraphFileFailure) -> GraphContent.Witness {
    let number = try reader.number(below: content.records.count, "acquisition")
    let record = content.records[Int(number)]
    let facts = try reader.bits(0x1F)
    let kind = DependencyKinds(rawValue: facts & 15)
    guard DependencyKinds.all.contains(kind), content.edges[Int(edge)].kinds.contains(kind) else {
      throw reader.failure("a witness of a kind that its dependency does not have")
    }
    let rank = try reader.number(after: 0)
    var source = try reader.number(below: Int(record.heldCount) + 1, "held lock")
    if source == 0 {
      source = GraphContent.Witness.ownSource + UInt32(content.held.count)
      let input = content.threads[Int(record.thread)].input
      content.held.append(try held(of: input, &reader))
    } else {
      source -= 1
    }
    let witness = GraphContent.Witness(
      edge: edge, record: number, source: source, rank: rank, kind: kind,
      isPinned: facts & 0x10 != 0)
    // A lock that is taken twice, at two nesting levels, is held in another class than that of its dependency.
    let (from, to) = (content.edges[Int(edge)].from, content.edges[Int(edge)].to)
    guard record.wantedClass == to, from == to || content.source(of: witness).lockClass == from
    else { throw reader.failure("a witness of another dependency") }
    return witness
  }

  private func statement(
    of edge: UInt32, _ reader: inout BinaryReader
  ) throws(GraphFileFailure) -> GraphContent.Statement {
    let input = try reader.number(below: content.inputs.count, "input")
    let facts = try reader.bits(0x3F)
    guard let basis = LockOrderGraph.Basis(rawValue: facts >> 4), basis != .events else {
      throw reader.failure("a statement of an unknown basis")
    }
    return GraphContent.Statement(
      edge: edge, input: input, basis: basis, kinds: DependencyKinds(rawValue: facts & 15),
      heldPlace: try optionalText(&reader), heldStack: try optionalText(&reader),
      heldLine: try reader.number(), place: try optionalText(&reader),
      stack: try optionalText(&reader), line: try reader.number())
  }

  private mutating func readMarks(_ reader: inout BinaryReader) throws(GraphFileFailure) {
    var lockClass: UInt32 = 0
    for _ in 0..<(try reader.count(eachOf: 9)) {
      _ = try step(&lockClass, below: content.classes.count, "class", &reader)
      let marks = try contextMarks(&reader)
      let thread = try reader.number(below: content.threads.count, "thread")
      content.marks.append(
        GraphContent.Mark(
          lockClass: lockClass, marks: marks, thread: thread,
          lock: try lock(of: content.threads[Int(thread)].input, &reader), mode: try reader.mode(),
          place: try optionalText(&reader), stack: try optionalText(&reader),
          line: try reader.number(), unmaskedLine: try reader.number()))
    }
  }

  private func contextMarks(
    _ reader: inout BinaryReader
  ) throws(GraphFileFailure) -> ContextMarks {
    let marks = try reader.number()
    guard marks > 0, marks <= UInt64(UInt16.max) else {
      throw reader.failure("an unknown use in a context")
    }
    return ContextMarks(rawValue: UInt16(marks))
  }

  private mutating func readStatedMarks(_ reader: inout BinaryReader) throws(GraphFileFailure) {
    var (lockClass, inputs): (UInt32, UInt32) = (0, 0)
    for _ in 0..<(try reader.count(eachOf: 4)) {
      if try step(&lockClass, below: content.classes.count, "class", &reader) { inputs = 0 }
      content.statedMarks.append(
        GraphContent.StatedMark(
          lockClass: lockClass,
          input: try next(&inputs, below: content.inputs.count, "input", &reader),
          marks: try contextMarks(&reader), line: try reader.number()))
    }
  }

  private mutating func readFound(_ reader: inout BinaryReader) throws(GraphFileFailure) {
    var fingerprints: UInt32 = 0
    for row in 0..<UInt32(try reader.count(eachOf: 5)) {
      let fingerprint = try next(&fingerprints, below: content.texts.count, "text", &reader)
      let isReport = try reader.flag()
      let input = try reader.number(below: content.inputs.count, "input")
      let finding = try text(&reader)
      let name = content.texts.string(fingerprint)
      try check(finding, reader) { (inner) throws(GraphFileFailure) in
        guard try inner.finding().fingerprint == name else {
          throw inner.failure("a finding of another fingerprint")
        }
      }
      content.found.append(
        GraphContent.Found(
          fingerprint: fingerprint, isReport: isReport, input: input, finding: finding))
      var inputs: UInt32 = 0
      for _ in 0..<(try reader.count(eachOf: 2)) {
        content.foundCounts.append(
          GraphContent.FoundCount(
            found: row, input: try next(&inputs, below: content.inputs.count, "input", &reader),
            occurrences: try reader.quantity()))
      }
    }
  }
}

extension UnsafeRawBufferPointer {
  fileprivate func endsInLevel(_ level: UInt8) -> Bool {
    count > 2 && self[count - 2] == UInt8(ascii: "/")
      && self[count - 1] == UInt8(ascii: "0") + level
  }
}
