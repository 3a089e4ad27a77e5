import LockGraphEngine

/// A finding in the data of a page.
struct PageFinding {
  /// As much of a finding as a person looks at.
  private static let edgeLimit = 64
  private static let eventLimit = 64
  private static let heldLimit = 12
  private static let stepLimit = 200
  /// The first ones say in their own words why they count and what helps; of others the rule does,
  /// as these words are a quarter of their size.
  private static let guidedFindings = 2_000

  private let number: Int
  private let finding: Finding
  private let standing: GateVerdict.Standing?
  private let tables: PageTables
  private let graph: PageGraph

  /// - Parameter number: from 0.
  init(
    _ number: Int, _ finding: Finding, _ standing: GateVerdict.Standing?, _ tables: PageTables,
    _ graph: PageGraph
  ) {
    self.number = number
    self.finding = finding
    self.standing = standing
    self.tables = tables
    self.graph = graph
  }

  func write(to writer: inout JSONWriter) {
    writer.object { writer in
      writer.member("fingerprint", finding.fingerprint)
      if let lineFree = finding.lineFreeFingerprint {
        writer.member("lineFreeFingerprint", lineFree)
      }
      writer.member("rule", finding.rule.rawValue)
      writer.member("severity", finding.severity.rawValue)
      if let confidence = finding.confidence {
        writer.member("confidence", confidence.rawValue)
      }
      if finding.recoverable == true {
        writer.key("recoverable")
        writer.value(true)
      }
      if let context = finding.context { writer.member("context", context.name) }
      if let standing {
        // Without it, it is one that fails.
        if standing != .failing { writer.member("standing", standing.name) }
        if let exception = standing.exception {
          writer.member("exception", tables.string(exception.text))
        }
      }
      writer.member("title", tables.string(finding.title))
      if finding.occurrences != 1 { writer.member("occurrences", finding.occurrences) }
      writer.key("classes")
      writer.array { writer in
        for name in finding.classes { writer.value(graph.number(of: name)) }
      }
      if let input { writer.member("input", tables.string(input, limit: PageTables.placeLimit)) }
      if let fold = finding.fold {
        writer.member("fold", tables.string(fold.text, limit: PageTables.placeLimit))
      }
      if let declaration = finding.declaration {
        writer.member(
          "declaration", tables.string("\(declaration.text), declared at \(declaration.source)"))
      }
      writeEdges(to: &writer)
      writeWaiters(to: &writer)
      writeEvents(to: &writer)
      if let schedule = finding.schedule { write(schedule, to: &writer) }
      guard number < Self.guidedFindings else { return }
      let guidance = FindingGuidance(finding)
      for (name, texts) in [("why", guidance.reasons), ("advice", guidance.advice)]
      where !texts.isEmpty {
        writer.key(name)
        writer.array { writer in
          for text in texts {
            writer.value(tables.string(text, limit: PageTables.placeLimit))
          }
        }
      }
    }
  }

  /// Where it was seen first.
  private var input: String? {
    finding.edges.first?.witnesses.first?.input ?? finding.waiters.first?.input
      ?? finding.events.first?.input
  }

  private func writeEdges(to writer: inout JSONWriter) {
    guard !finding.edges.isEmpty else { return }
    writer.key("edges")
    writer.array { writer in
      for edge in finding.edges.prefix(Self.edgeLimit) {
        writer.object { writer in
          writer.member("from", graph.number(of: edge.from))
          writer.member("to", graph.number(of: edge.to))
          if edge.kinds != .en {
            writer.member("kinds", tables.string(edge.kinds.names.joined(separator: " ")))
          }
          if edge.areKindsAssumed {
            writer.key("kindsAssumed")
            writer.value(true)
          }
          if edge.count != 1 { writer.member("count", edge.count) }
          let shown = edge.witnesses.prefix(PageGraph.witnessLimit)
          writer.key("witnesses")
          writer.array { writer in
            for witness in shown { writer.value(tables.witness(witness)) }
          }
          if edge.hasMoreWitnesses || shown.count < edge.witnesses.count {
            writer.key("moreWitnesses")
            writer.value(true)
          }
        }
      }
    }
    if finding.edges.count > Self.edgeLimit {
      writer.member("moreEdges", finding.edges.count - Self.edgeLimit)
    }
    guard finding.waiters.isEmpty else { return }
    let scenario = InversionScenario(finding)
    let sides = scenario.sides.prefix(Self.edgeLimit)
    if !sides.elementsEqual(
      finding.edges.prefix(Self.edgeLimit), by: { $0 == $1.witnesses[0] })
    {
      writer.key("sides")
      writer.array { writer in for side in sides { writer.value(tables.witness(side)) } }
    }
    if scenario.isSupposed {
      writer.key("supposed")
      writer.value(true)
    }
    let ending = finding.confidence == nil ? [] : scenario.ending(finding)
    if !ending.isEmpty {
      writer.member(
        "ending", tables.string(ending.joined(separator: " "), limit: PageTables.placeLimit))
    }
  }

  private func writeWaiters(to writer: inout JSONWriter) {
    guard !finding.waiters.isEmpty else { return }
    writer.key("waiters")
    writer.array { writer in
      for waiter in finding.waiters.prefix(Self.edgeLimit) {
        writer.object { writer in
          writer.member("thread", tables.string(waiter.thread))
          writer.member(
            "text", tables.string(finding.isClosedByJoin ? waiter.potentialText : waiter.waitText))
          if let wanted = waiter.wanted { writer.member("wanted", tables.use(wanted)) }
          writer.member("blockedBy", tables.string(waiter.blockedBy))
          if waiter.hasHolderEnded {
            writer.key("holderEnded")
            writer.value(true)
          }
          if !waiter.options.isEmpty { writer.member("options", waiter.options.names) }
          let held = waiter.held.suffix(Self.heldLimit)
          writer.key("held")
          writer.array { writer in for lock in held { writer.value(tables.use(lock)) } }
          if held.count < waiter.held.count {
            writer.member("moreHeld", waiter.held.count - held.count)
          }
          write(at: waiter.at, stack: waiter.stack, to: &writer)
          writer.member("input", tables.string(waiter.input, limit: PageTables.placeLimit))
          writer.member("line", waiter.line)
        }
      }
    }
  }

  private func writeEvents(to writer: inout JSONWriter) {
    guard !finding.events.isEmpty else { return }
    writer.key("events")
    writer.array { writer in
      for event in finding.events.prefix(Self.eventLimit) {
        writer.object { writer in
          writer.member("role", event.role.rawValue)
          let text = EventSentence.text(event, context: finding.context)
          writer.member("text", tables.string(text, limit: PageTables.placeLimit))
          writer.member("thread", tables.string(event.thread))
          if let lock = event.lock { writer.member("use", tables.use(lock)) }
          write(at: event.at, stack: event.stack, to: &writer)
          writer.member("input", tables.string(event.input, limit: PageTables.placeLimit))
          writer.member("line", event.line)
        }
      }
    }
    if finding.events.count > Self.eventLimit {
      writer.member("moreEvents", finding.events.count - Self.eventLimit)
    }
  }

  private func write(_ schedule: Finding.Schedule, to writer: inout JSONWriter) {
    writer.key("schedule")
    writer.object { writer in
      if schedule.input != input {
        writer.member("input", tables.string(schedule.input, limit: PageTables.placeLimit))
      }
      if schedule.isByLocksAlone {
        writer.key("byLocksAlone")
        writer.value(true)
      }
      writer.key("segments")
      writer.array { writer in
        for segment in schedule.segments.suffix(Self.stepLimit) {
          var row = PageRow()
          row.append(tables.string(segment.thread))
          row.append(segment.line)
          row.append(tables.place(at: segment.at, stack: []))
          row.write(to: &writer)
        }
      }
      if schedule.segments.count > Self.stepLimit {
        writer.member("moreSegments", schedule.segments.count - Self.stepLimit)
      }
      writer.key("waits")
      writer.array { writer in
        for wait in schedule.waits.prefix(Self.edgeLimit) {
          var row = PageRow()
          row.append(tables.string(wait.thread))
          row.append(wait.line)
          row.append(tables.place(at: wait.at, stack: []))
          row.append(tables.string(wait.blockedBy))
          row.append(wait.wanted.map { tables.string($0) })
          row.append(wait.mode == .write ? nil : wait.mode.name)
          row.append(wait.isQueued ? 1 : nil)
          row.write(to: &writer)
        }
      }
    }
  }

  private func write(at: String?, stack: [String], to writer: inout JSONWriter) {
    if let place = tables.place(at: at, stack: stack) { writer.member("place", place) }
    if let stack = tables.stack(stack) { writer.member("stack", stack) }
  }
}
