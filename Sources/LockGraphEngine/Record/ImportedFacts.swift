/// What inputs state that have no events, and what it needs to fit in with the rest.
struct ImportedFacts: Sendable {
  /// The thread of evidence that names none.
  static let thread = ThreadID(.max)

  /// A finding of another validator, and where its evidence stands.
  struct Report: Sendable {
    var finding: Finding
    var input: UInt32
  }

  /// Findings, one for all that are alike.
  private(set) var reports: [Report] = []
  private var reportIndex: [String: Int] = [:]

  /// The classes of the current input by their numbers.
  var classes: [LockClassID] = []
  /// What the classes of the current input stand for there.
  private var ownerOfClass: [LockClassID: KeyedName] = [:]
  /// Where to look for the next free number of a name that has several keys.
  private var lastNumber: [LockClassID: UInt32] = [:]
  /// Classes by name and key, of all inputs: the keys of one run of a kernel are the same in all
  /// its files.
  private var classOfKey: [KeyedName: LockClassID] = [:]

  var standIns: [LockClassID: LockID] = [:]
  var marks = StatedMarks()

  /// Classes whose name without number and level several share.
  private var sharedNames: Set<LockClassID> = []
  private var hasMereNames = false

  /// Classes that events of some input know by name, and inputs that state something tell apart.
  var ambiguousClasses: Set<LockClassID> { hasMereNames ? sharedNames : [] }

  private struct KeyedName: Hashable {
    var name: LockClassID
    var key: UInt64?
  }

  mutating func noteTraits(_ traits: TraceTraits) {
    if traits.classesAreMerelyNames { hasMereNames = true }
  }

  mutating func beginInput(_ traits: TraceTraits) {
    noteTraits(traits)
    classes.removeAll()
    ownerOfClass.removeAll()
    lastNumber.removeAll()
  }

  /// The class that a name and a key mean, which no other key of the input means.
  mutating func resolve(
    _ name: LockClassID, key: UInt64?, numbered: (LockClassID, UInt32) -> LockClassID
  ) -> LockClassID {
    let keyed = KeyedName(name: name, key: key)
    var candidate = classOfKey[keyed] ?? name
    var number = lastNumber[name] ?? 1
    while let owner = ownerOfClass[candidate], owner != keyed {
      number &+= 1
      candidate = numbered(name, number)
    }
    lastNumber[name] = number
    ownerOfClass[candidate] = keyed
    classOfKey[keyed] = candidate
    return candidate
  }

  mutating func rename(_ classes: [LockClassID]) {
    marks.rename(classes)
    sharedNames = Set(sharedNames.map { classes[$0.index] })
  }

  mutating func noteShared(_ name: LockClassID) { sharedNames.insert(name) }

  mutating func add(_ statement: StatedMarks.Statement) { marks.add(statement) }

  mutating func add(_ finding: Finding, input: UInt32) {
    if let known = reportIndex[finding.fingerprint] {
      let occurrences = reports[known].finding.occurrences &+ finding.occurrences
      if finding.isSurer(than: reports[known].finding) {
        reports[known] = Report(finding: finding, input: input)
      }
      reports[known].finding.occurrences = occurrences
      return
    }
    reportIndex[finding.fingerprint] = reports.count
    reports.append(Report(finding: finding, input: input))
  }
}
