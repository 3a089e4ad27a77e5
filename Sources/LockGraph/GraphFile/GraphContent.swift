/// What inputs have shown of the order of locks, in tables that refer to each other by number.
///
/// It is what a graph file holds. Contents are joined by appending one to the other and making the result
/// canonical: sorted, without duplicates, and with only so much evidence as is kept. That is a join: it does not
/// matter in which order, in which groups or how often contents are put together (docs/graph-file.md says why).
package struct GraphContent: Sendable {
  /// No text, no number.
  static let none = UInt32.max

  /// How many witnesses a dependency keeps, the first ones, beside the first of each kind.
  static let witnessLimit = 64
  /// How many inputs' counts are kept of a class, dependency or finding: those that count most.
  static let countLimit = 64
  /// How many inputs are kept that state one thing, the first ones.
  static let statementLimit = 64
  /// How many findings are kept that single inputs have shown.
  static let foundLimit = 1 << 16

  /// One that was read. Two are the same if name, format and digest are.
  struct Input: Sendable {
    var name: UInt32
    var format: UInt32
    var digest: ContentDigest.Value
    var events: UInt64 = 0
    var facts: UInt64 = 0
    var threads: UInt64 = 0
    var locks: UInt64 = 0
    /// Deadlocks that were not kept.
    var omitted: UInt64 = 0
    var skipped: UInt64 = 0
    /// An encoded `InputRemarks`, or none.
    var remarks = GraphContent.none
  }

  struct LockClass: Sendable {
    var name: UInt32
    /// One bit for each kind that is stated of it.
    var kinds: UInt16 = 0
    /// The number behind the last `/` of its name if it is a nesting level, else 0.
    var level: UInt8 = 0
    /// An input states that it exists.
    var isListed = false
    /// An input states that it is judged by instance.
    var nestsByInstance = false
  }

  struct ClassCount: Sendable {
    var lockClass: UInt32
    var input: UInt32
    var acquisitions: UInt64
    var instances: UInt64
  }

  /// A lock instance, by its number in its input.
  struct Lock: Sendable {
    var input: UInt32
    var number: UInt32
    var name: UInt32
    var lockClass: UInt32
  }

  /// One life of a thread, by its number in its input.
  struct Thread: Sendable {
    var input: UInt32
    var number: UInt32
    var life: UInt32
    var name: UInt32
  }

  /// A lock that is held around the life of a thread by another one.
  struct Guard: Sendable, Hashable {
    var thread: UInt32
    var lock: UInt32
    var holderNumber: UInt32
    var holderLife: UInt32
  }

  /// A node of an input's fork and join order that comes after one or two others, by their numbers there.
  struct Epoch: Sendable {
    /// Which of the contents that were put together it comes from.
    var source: UInt32
    var input: UInt32
    var number: UInt32
    /// The greater one.
    var first: UInt32
    /// The other one, or none.
    var second: UInt32
  }

  /// A lock as it was held.
  struct Held: Sendable {
    var lock: UInt32
    var lockClass: UInt32
    var place: UInt32
    var stack: UInt32
    var position: UInt32
    var mode: LockMode
    var isGate: Bool
    var line: UInt64
  }

  /// Somebody asks for a lock.
  struct Record: Sendable {
    var thread: UInt32
    var wanted: UInt32
    var wantedClass: UInt32
    var place: UInt32
    var stack: UInt32
    var epoch: UInt32
    /// The first row of what was held, and how many rows.
    var heldStart: UInt32
    var heldCount: UInt32
    var line: UInt64
    var mode: LockMode
    var options: AcquisitionOptions
    var endings: AcquisitionOptions
    var isNested: Bool
  }

  struct Edge: Sendable {
    var from: UInt32
    var to: UInt32
    /// Those that are known.
    var kinds: DependencyKinds
    var basis: LockOrderGraph.Basis
    var isEvidenceBounded: Bool
    var isThreadBounded: Bool
  }

  struct EdgeCount: Sendable {
    var edge: UInt32
    var input: UInt32
    var count: UInt64
  }

  struct Witness: Sendable {
    var edge: UInt32
    var record: UInt32
    /// Which of the record's rows of what was held is the dependency's source; with `ownSource` added, a row
    /// of the table that no record has.
    var source: UInt32
    /// How many witnesses of the dependency its input had shown before.
    var rank: UInt32
    var kind: DependencyKinds
    /// It is part of a deadlock that is feasible in its input, or of one that only the instances show.
    var isPinned: Bool

    static let ownSource: UInt32 = 1 << 31
    /// The source is not among the locks that the record has, which are the last taken ones.
    var hasOwnSource: Bool { source >= Self.ownSource }
  }

  /// An input states a dependency without saying who and which locks.
  struct Statement: Sendable {
    var edge: UInt32
    var input: UInt32
    var basis: LockOrderGraph.Basis
    var kinds: DependencyKinds
    var heldPlace: UInt32
    var heldStack: UInt32
    var heldLine: UInt64
    var place: UInt32
    var stack: UInt32
    var line: UInt64
  }

  /// The event that first showed some uses of a class.
  struct Mark: Sendable {
    var lockClass: UInt32
    var marks: ContextMarks
    var thread: UInt32
    var lock: UInt32
    var mode: LockMode
    var place: UInt32
    var stack: UInt32
    var line: UInt64
    var unmaskedLine: UInt64
  }

  struct StatedMark: Sendable {
    var lockClass: UInt32
    var input: UInt32
    var marks: ContextMarks
    var line: UInt64
  }

  /// A finding that needs no other input: a violation, a deadlock that happened, or what another validator
  /// reported.
  struct Found: Sendable {
    var fingerprint: UInt32
    var isReport: Bool
    var input: UInt32
    /// An encoded `Finding`.
    var finding: UInt32
  }

  struct FoundCount: Sendable {
    var found: UInt32
    var input: UInt32
    var occurrences: UInt64
  }

  var texts = ByteInterner()
  var inputs: [Input] = []
  var classes: [LockClass] = []
  var classCounts: [ClassCount] = []
  var locks: [Lock] = []
  var threads: [Thread] = []
  var guards: [Guard] = []
  var epochs: [Epoch] = []
  /// How many contents were put together.
  var sources: UInt32 = 1
  var held: [Held] = []
  var records: [Record] = []
  var edges: [Edge] = []
  var edgeCounts: [EdgeCount] = []
  var witnesses: [Witness] = []
  var statements: [Statement] = []
  var marks: [Mark] = []
  var statedMarks: [StatedMark] = []
  var found: [Found] = []
  var foundCounts: [FoundCount] = []
  /// Dependencies were left out because there were too many.
  var isBounded = false
  /// A thread held more locks than orders are recorded from.
  var isDepthBounded = false
  /// Findings were left out because there were too many.
  var isFoundBounded = false

  func source(of witness: Witness) -> Held {
    witness.hasOwnSource
      ? held[Int(witness.source - Witness.ownSource)]
      : held[Int(records[Int(witness.record)].heldStart + witness.source)]
  }

  /// It holds nothing of any input.
  var isEmpty: Bool { inputs.isEmpty && classes.isEmpty && found.isEmpty }

  /// About how many bytes it takes.
  var weight: Int {
    texts.byteCount + 24 * texts.count + 80 * inputs.count + 24 * classCounts.count
      + 16 * (classes.count + locks.count + threads.count + guards.count + edges.count)
      + 20 * epochs.count + 32 * held.count + 48 * records.count + 16 * edgeCounts.count
      + 20 * witnesses.count + 48 * statements.count + 48 * marks.count + 24 * statedMarks.count
      + 16 * (found.count + foundCounts.count)
  }
}
