/// Findings as bytes, in one way only, so that equal findings are equal bytes.

extension BinaryWriter {
  mutating func finding(_ finding: Finding) {
    text(finding.fingerprint)
    optional(finding.lineFreeFingerprint)
    text(finding.rule.rawValue)
    text(finding.severity.rawValue)
    optional(finding.confidence?.rawValue)
    optional(finding.confidenceReason)
    byte(finding.recoverable.map { $0 ? 2 : 1 } ?? 0)
    text(finding.title)
    texts(finding.classes)
    flag(finding.isHiddenByNestingLevels)
    byte(finding.context.map { $0.rawValue + 1 } ?? 0)
    number(finding.edges.count)
    for edge in finding.edges { self.edge(edge) }
    number(finding.events.count)
    for event in finding.events {
      text(event.role.rawValue)
      text(event.thread)
      flag(event.lock != nil)
      if let lock = event.lock { self.lock(lock) }
      place(event.at, event.stack)
      text(event.input)
      number(event.line)
    }
    number(finding.waiters.count)
    for waiter in finding.waiters { self.waiter(waiter) }
  }

  private mutating func edge(_ edge: FindingEdge) {
    text(edge.from)
    text(edge.to)
    byte(edge.kinds.rawValue)
    byte(edge.decidingKind.rawValue)
    number(edge.count)
    flag(edge.areKindsAssumed)
    flag(edge.hasMoreWitnesses)
    number(edge.witnesses.count)
    for witness in edge.witnesses {
      text(witness.thread)
      lock(witness.held)
      lock(witness.wanted)
      byte(witness.kind.rawValue)
      flag(witness.isStated)
      byte(witness.options.rawValue)
      locks(witness.alsoHeld)
      text(witness.input)
      number(witness.line)
    }
  }

  private mutating func waiter(_ waiter: Finding.Waiter) {
    text(waiter.thread)
    flag(waiter.wanted != nil)
    if let wanted = waiter.wanted { lock(wanted) }
    text(waiter.blockedBy)
    flag(waiter.hasHolderEnded)
    byte(waiter.options.rawValue)
    locks(waiter.held)
    place(waiter.at, waiter.stack)
    text(waiter.input)
    number(waiter.line)
    flag(waiter.time != nil)
    if let time = waiter.time { signed(time) }
  }

  private mutating func lock(_ lock: WitnessedLock) {
    text(lock.lock)
    text(lock.lockClass)
    byte(lock.mode.rawValue)
    place(lock.at, lock.stack)
    number(lock.line)
  }

  private mutating func locks(_ locks: [WitnessedLock]) {
    number(locks.count)
    for lock in locks { self.lock(lock) }
  }

  private mutating func place(_ at: String?, _ stack: [String]) {
    optional(at)
    texts(stack)
  }

  mutating func texts(_ texts: [String]) {
    number(texts.count)
    for text in texts { self.text(text) }
  }
}

extension BinaryReader {
  mutating func finding() throws(GraphFileFailure) -> Finding {
    let fingerprint = try text()
    let lineFree = try optionalText()
    let rule = try word(Rule.self, "rule")
    let severity = try word(Severity.self, "severity")
    let confidence = try flag() ? try word(Confidence.self, "confidence") : nil
    let reason = try optionalText()
    let recoverable = try self.byte()
    guard recoverable <= 2 else { throw failure("\(recoverable) where 0, 1 or 2 is possible") }
    let title = try text()
    let classes = try texts()
    let isHidden = try flag()
    let context = try byte()
    guard context <= InterruptContext.allCases.count else { throw failure("an unknown context") }
    var finding = Finding(
      fingerprint: fingerprint, lineFreeFingerprint: lineFree, rule: rule, severity: severity,
      confidence: confidence,
      confidenceReason: reason, recoverable: recoverable == 0 ? nil : recoverable == 2,
      title: title, classes: classes, edges: [],
      context: context == 0 ? nil : InterruptContext(rawValue: context - 1), events: [],
      occurrences: 0)
    finding.isHiddenByNestingLevels = isHidden
    for _ in 0..<(try count()) { finding.edges.append(try edge()) }
    for _ in 0..<(try count()) { finding.events.append(try event()) }
    for _ in 0..<(try count()) { finding.waiters.append(try waiter()) }
    // Reports show the first of each.
    guard finding.edges.allSatisfy({ !$0.witnesses.isEmpty }), !finding.isWithoutEvidence else {
      throw failure("a finding without evidence")
    }
    return finding
  }

  private mutating func word<Word: RawRepresentable<String>>(
    _ type: Word.Type, _ what: String
  ) throws(GraphFileFailure) -> Word {
    let text = try self.text()
    guard let word = Word(rawValue: text) else {
      throw failure("the unknown \(what) '\(text.withVisibleControls)'")
    }
    return word
  }

  private mutating func edge() throws(GraphFileFailure) -> FindingEdge {
    let (from, to) = (try text(), try text())
    let (kinds, deciding) = (try self.kinds(), try self.kinds())
    guard !deciding.isEmpty else { throw failure("a dependency without a kind") }
    var edge = FindingEdge(
      from: from, to: to, kinds: kinds, decidingKind: deciding, count: try quantity(), witnesses: []
    )
    edge.areKindsAssumed = try flag()
    edge.hasMoreWitnesses = try flag()
    for _ in 0..<(try count()) {
      let thread = try text()
      let (held, wanted) = (try lock(), try lock())
      let kind = try self.kinds()
      let isStated = try flag()
      guard isStated || !kind.isEmpty else { throw failure("a witness without a kind") }
      var witness = Witness(
        thread: thread, held: held, wanted: wanted, kind: kind, options: try options(),
        alsoHeld: try locks(), input: try text(), line: try number())
      witness.isStated = isStated
      edge.witnesses.append(witness)
    }
    return edge
  }

  private mutating func event() throws(GraphFileFailure) -> FindingEvent {
    let (role, thread) = (try word(EventRole.self, "event"), try text())
    let lock = try flag() ? try self.lock() : nil
    let (at, stack) = try place()
    return FindingEvent(
      role: role, thread: thread, lock: lock, at: at, stack: stack, input: try text(),
      line: try number())
  }

  private mutating func waiter() throws(GraphFileFailure) -> Finding.Waiter {
    let thread = try text()
    let wanted = try flag() ? try self.lock() : nil
    let blockedBy = try text()
    let hasHolderEnded = try flag()
    let options = try self.options()
    let held = try locks()
    let (at, stack) = try place()
    var waiter = Finding.Waiter(
      thread: thread, wanted: wanted, blockedBy: blockedBy, hasHolderEnded: hasHolderEnded,
      options: options, held: held, at: at, stack: stack, input: try text(), line: try number())
    if try flag() { waiter.time = try signed() }
    return waiter
  }

  private mutating func lock() throws(GraphFileFailure) -> WitnessedLock {
    let (name, lockClass) = (try text(), try text())
    let mode = try self.mode()
    let (at, stack) = try place()
    return WitnessedLock(
      lock: name, lockClass: lockClass, mode: mode, at: at, stack: stack, line: try number())
  }

  private mutating func locks() throws(GraphFileFailure) -> [WitnessedLock] {
    var locks: [WitnessedLock] = []
    for _ in 0..<(try count()) { locks.append(try lock()) }
    return locks
  }

  private mutating func place() throws(GraphFileFailure) -> (at: String?, stack: [String]) {
    let at = try optionalText()
    return (at, try texts())
  }

  mutating func texts() throws(GraphFileFailure) -> [String] {
    var texts: [String] = []
    for _ in 0..<(try count()) { texts.append(try text()) }
    return texts
  }

  mutating func mode() throws(GraphFileFailure) -> LockMode {
    let byte = try self.byte()
    guard let mode = LockMode(rawValue: byte) else { throw failure("an unknown mode, \(byte)") }
    return mode
  }

  mutating func kinds() throws(GraphFileFailure) -> DependencyKinds {
    DependencyKinds(rawValue: try bits(15))
  }

  mutating func options() throws(GraphFileFailure) -> AcquisitionOptions {
    AcquisitionOptions(rawValue: try bits(63))
  }
}

extension Finding {
  /// There is nothing in it that reports could show.
  fileprivate var isWithoutEvidence: Bool { edges.isEmpty && events.isEmpty && waiters.isEmpty }
}
