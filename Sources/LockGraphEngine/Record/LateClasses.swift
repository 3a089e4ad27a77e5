// Classes that are stated after their locks were used: "a lock with no class anywhere is its own
// class", so a statement reaches back, and the order of events does not decide what is found.

extension OrderRecord {
  /// Everything that was kept under a lock's own name goes to the class that was stated later.
  ///
  /// - Complexity: O(what is kept) if there are such statements, nothing otherwise.
  mutating func applyLateClasses() {
    let moves = table.takeLateClasses()
    guard !moves.isEmpty else { return }
    move(moves)
  }

  /// Everything that was kept under some classes goes to others.
  mutating func move(_ moves: [(own: LockClassID, stated: LockClassID)]) {
    var classes = (0..<table.classes.count).map { LockClassID(UInt32($0)) }
    for (own, stated) in moves { classes[own.index] = stated }
    rebuildGraph(classes)
    evidence.rename(classes)
    contextMarks.rename(classes)
    violations.rename(classes)
    deadlocks.rename(classes)
    joinInversions.rename(classes)
    imports.rename(classes)
  }

  /// - Parameters:
  ///   - classes: what each class is from now on.
  ///   - isVoid: whether a witness is none, by its number.
  mutating func rebuildGraph(
    _ classes: [LockClassID], without isVoid: (UInt32) -> Bool = { _ in false }
  ) {
    var renamed = LockOrderGraph()
    for dependency in graph.dependencies {
      let (from, to) = (classes[dependency.from.index], classes[dependency.to.index])
      let isNewLoop = from == to && dependency.from != dependency.to
      for entry in entryNumbers(of: dependency) {
        if evidence.isStated(evidence[entry: entry]) {
          restate(entry, from: from, to: to, in: &renamed)
          continue
        }
        let kind = evidence[entry: entry].kind
        if isVoid(entry) { continue }
        if isNewLoop, isNestingAllowed(evidence[entry: entry]) { continue }
        guard let (id, _) = renamed.add(from: from, to: to, kind: kind) else { continue }
        evidence.append(entry, to: &renamed[id])
      }
      guard let id = renamed.dependency(from: from, to: to) else { continue }
      renamed.count(id, times: dependency.count)
      renamed[id].isEvidenceBounded =
        renamed[id].isEvidenceBounded || dependency.isEvidenceBounded
      renamed[id].isThreadBounded = renamed[id].isThreadBounded || dependency.isThreadBounded
    }
    graph = renamed
  }

  private func entryNumbers(of dependency: LockOrderGraph.Dependency) -> [UInt32] {
    var numbers: [UInt32] = []
    var number = dependency.firstWitness
    while number != EvidenceStore.none {
      numbers.append(number)
      number = evidence[entry: number].next
    }
    return numbers
  }

  /// The same-class rule [semantics 7], which was not asked when the two were different classes.
  private func isNestingAllowed(_ entry: EvidenceStore.Entry) -> Bool {
    let record = evidence.records[Int(entry.record)]
    return entry.kind == .sr || record.isNested
      || table.ranksRise(from: entry.source.lock, to: record.wanted)
  }
}

extension EvidenceStore {
  mutating func rename(_ classes: [LockClassID]) {
    for index in records.indices {
      records[index].wantedClass = classes[records[index].wantedClass.index]
    }
    renameHeld(classes)
  }

  /// Puts an entry behind those that an edge has.
  mutating func append(_ entry: UInt32, to dependency: inout LockOrderGraph.Dependency) {
    link(entry, after: dependency.lastWitness)
    if dependency.firstWitness == Self.none { dependency.firstWitness = entry }
    dependency.lastWitness = entry
    if isStated(self[entry: entry]) {
      dependency.statementCount &+= 1
    } else {
      dependency.witnessCount &+= 1
    }
  }
}

extension ViolationStore {
  mutating func rename(_ classes: [LockClassID]) {
    let old = violations
    self = ViolationStore()
    for var violation in old {
      violation.key.lockClass = violation.key.lockClass.map { classes[$0.index] }
      violation.key.otherClass = violation.key.otherClass.map { classes[$0.index] }
      for index in violation.events.indices {
        guard let lock = violation.events[index].lock else { continue }
        violation.events[index].lock = (lock.id, classes[lock.lockClass.index])
      }
      insert(violation)
    }
  }
}

extension DeadlockStore {
  mutating func rename(_ classes: [LockClassID]) {
    let (old, omitted) = (deadlocks, omitted)
    self = DeadlockStore(omitted: omitted)
    for var deadlock in old where deadlock.count > 0 {
      for index in deadlock.waiters.indices { deadlock.waiters[index].rename(classes) }
      insert(deadlock)
    }
  }
}

extension DeadlockStore.Waiter {
  mutating func rename(_ classes: [LockClassID]) {
    if let wanted { self.wanted?.lockClass = classes[wanted.lockClass.index] }
    for index in held.indices { held[index].lockClass = classes[held[index].lockClass.index] }
  }
}

extension ContextMarkStore {
  mutating func rename(_ names: [LockClassID]) {
    let old = self
    self = ContextMarkStore()
    for index in names.indices {
      let lockClass = LockClassID(UInt32(index))
      // The last linked was the first added.
      for record in old.records(of: lockClass).reversed() { add(record, of: names[index]) }
    }
  }
}
