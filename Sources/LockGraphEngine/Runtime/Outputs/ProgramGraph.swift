/// What a running program has shown of the order of its locks, to be written as a graph file.
///
/// A copy: the program goes on while functions are looked up that the evidence names.
struct ProgramGraph: ~Copyable {
  private var record: OrderRecord
  private let input: TraceInput
  /// Tells this validator from others of its process.
  private let began: UInt64

  /// How much was known.
  let learnedCount: Int

  /// - Parameters:
  ///   - record: what the program's validator has learned.
  ///   - learned: how much that was, before it was settled.
  ///   - input: the program.
  ///   - began: when the validator did.
  ///   - privacy: tells of a witness how nobody else could reach one of its locks.
  init(
    _ record: OrderRecord, learned: Int, of input: TraceInput, began: UInt64,
    privacy: (CycleGrading.Candidate) -> String?
  ) {
    self.record = record
    learnedCount = learned
    self.input = input
    self.began = began
    markPrivateRecords(privacy)
  }

  /// The content of the file.
  ///
  /// The program is one input. It counts once however often its graph is written and merged: what
  /// is written later has all that was written earlier.
  ///
  /// - Parameter process: the one that writes it.
  /// - Complexity: O(orders × log orders), a search for potential deadlocks, and that of the names
  ///   of functions.
  consuming func content(of process: OutputStamp) -> GraphContent {
    record.evidence.places = Self.named(record.evidence.places)
    let heading = TraceHeading.text(process)
    var input = input
    input.digest = Self.digest("\(heading)\(began)")
    input.process = heading
    return record.content(of: input, inversionLimit: LiveValidator.inversionLimit).canonical()
  }

  /// What nobody else could reach is evidence of no deadlock, and readers do not know the functions
  /// that tell so.
  private mutating func markPrivateRecords(_ privacy: (CycleGrading.Candidate) -> String?) {
    for number in record.evidence.records.indices {
      let nesting = record.evidence.records[number]
      // All that the acquisition establishes has to be so.
      let isPrivate = record.evidence.heldRecords(nesting).allSatisfy {
        privacy(CycleGrading.Candidate(nesting, UInt32(number), held: $0)) != nil
      }
      if isPrivate { record.evidence.records[number].options.insert(.exclusive) }
    }
  }

  /// The same numbers, with the names of functions in place of addresses.
  private static func named(_ places: ByteInterner) -> ByteInterner {
    places.replacing { text in
      guard text.starts(with: "0x".utf8) else { return nil }
      let addresses = StackText.addresses(in: String(decoding: text, as: UTF8.self))
      let frames = Symbolizer.frames(addresses)
      return frames.map { $0.replacing(";", with: ",") }.joined(separator: ";")
    }
  }

  private static func digest(_ text: String) -> ContentDigest.Value {
    var (text, digest) = (text, ContentDigest())
    text.withUTF8 { digest.add(UnsafeRawBufferPointer($0)) }
    return digest.value
  }
}

extension CycleGrading.Candidate {
  /// A witness of an acquisition that is part of a record.
  fileprivate init(
    _ record: EvidenceStore.Record, _ number: UInt32, held: EvidenceStore.HeldRecord
  ) {
    self.init(
      entry: EvidenceStore.Entry(
        record: number, source: held, next: EvidenceStore.none,
        kind: DependencyKinds(held: held.mode, wanted: record.wantedMode)), record: record)
  }
}

extension OrderRecord {
  /// How much there is of what a graph file holds: orders with each of their witnesses, and what
  /// single events have shown.
  var learnedCount: Int {
    evidence.records.count + violations.violations.count + deadlocks.deadlocks.count
  }
}
