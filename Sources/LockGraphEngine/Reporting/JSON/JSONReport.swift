/// The report `lockgraph-report/1`. Keys may be added to version 1, never changed or taken away;
/// `Schemas/lockgraph-report-1.schema.json` describes it.
public struct JSONReport: StreamedDocument {
  /// The report's name and version, its `schema` entry.
  public static let schema = "lockgraph-report/1"

  let analysis: Analysis
  private let verdict: GateVerdict?
  private let process: ReportedProcess?

  /// The report of an analysis.
  ///
  /// - Parameter verdict: with it, each finding has its `standing`, and what else decided is there
  ///   as `remarks`.
  public init(_ analysis: Analysis, verdict: GateVerdict? = nil) {
    self.init(analysis, verdict, process: nil)
  }

  /// The report of a running program.
  init(_ analysis: Analysis, process: ReportedProcess) {
    self.init(analysis, nil, process: process)
  }

  private init(_ analysis: Analysis, _ verdict: GateVerdict?, process: ReportedProcess?) {
    self.analysis = analysis
    self.verdict = verdict
    self.process = process
  }

  /// Writes the report, in UTF-8 with a newline at its end.
  @discardableResult
  public func write(_ take: @escaping (UnsafeRawBufferPointer) -> Bool) -> Bool {
    var writer = JSONWriter(take)
    writer.object { writer in
      writer.origin(schema: Self.schema)
      if let process {
        writer.key("process")
        writer.object { writer in
          writer.member("id", Int(process.id))
          writer.member("run", process.run)
          writer.member("name", process.name)
        }
      }
      writer.key("inputs")
      writer.array { writer in
        for input in analysis.inputs { Self.write(input, to: &writer) }
      }
      writer.key("summary")
      writer.object { writer in
        let summary = analysis.summary
        writer.member("events", summary.events)
        writer.member("threads", summary.threads)
        writer.member("locks", summary.locks)
        writer.member("classes", summary.classes)
        writer.member("dependencies", summary.dependencies)
        writer.member("findings", analysis.findings.count)
        writer.member("omittedFindings", summary.omittedFindings)
        writer.member("uncoveredDependencies", summary.uncoveredDependencies)
        write(summary.classOrigins, derivedCycles: summary.derivedCycles, to: &writer)
      }
      writer.key("findings")
      writer.array { writer in
        for (number, finding) in analysis.findings.enumerated() {
          write(finding, verdict?.standings[number], to: &writer)
        }
      }
      if !analysis.waiting.isEmpty { writeWaiting(to: &writer) }
      if let remarks = verdict?.remarks, !remarks.isEmpty {
        writer.key("remarks")
        writer.array { writer in
          for remark in remarks { Self.write(remark, to: &writer) }
        }
      }
    }
    return writer.finish()
  }

  static func write(_ input: TraceInput, to writer: inout JSONWriter) {
    writer.object { writer in
      writer.member("name", input.name)
      writer.member("format", input.format)
      writer.member("events", input.events)
      if input.facts > 0 { writer.member("facts", input.facts) }
      writer.member("skipped", input.skipped)
      if let first = input.firstSkipped {
        writer.key("firstSkipped")
        writer.object { writer in
          writer.member("line", first.line ?? 0)
          writer.member("column", first.column ?? 0)
          writer.member("message", first.message)
          if let text = first.text { writer.member("text", text) }
          if let expected = first.expected { writer.member("expected", expected) }
        }
      }
      if !input.warnings.isEmpty { writer.member("warnings", input.warnings) }
    }
  }

  private static func write(_ remark: GateVerdict.Remark, to writer: inout JSONWriter) {
    writer.object { writer in
      writer.member("text", remark.text)
      writer.key("violation")
      writer.value(remark.isViolation)
    }
  }

  private static func write(_ exception: GateException, to writer: inout JSONWriter) {
    writer.object { writer in
      if let reason = exception.reason { writer.member("reason", reason) }
      if let owner = exception.owner { writer.member("owner", owner) }
      if let expires = exception.expires { writer.member("expires", expires) }
      writer.member("source", exception.source)
    }
  }

  func write(
    _ finding: Finding, _ standing: GateVerdict.Standing? = nil, to writer: inout JSONWriter
  ) {
    writer.object { writer in
      writer.member("fingerprint", finding.fingerprint)
      writer.member("rule", finding.rule.rawValue)
      writer.member("severity", finding.severity.rawValue)
      if let confidence = finding.confidence {
        writer.member("confidence", confidence.rawValue)
      }
      if let reason = finding.confidenceReason { writer.member("confidenceReason", reason) }
      if let recoverable = finding.recoverable {
        writer.key("recoverable")
        writer.value(recoverable)
      }
      if let context = finding.context { writer.member("context", context.name) }
      if let standing {
        writer.member("standing", standing.name)
        if let exception = standing.exception {
          writer.key("exception")
          Self.write(exception, to: &writer)
        }
      }
      writer.member("title", finding.title)
      writer.member("classes", finding.classes)
      writer.member("occurrences", finding.occurrences)
      if let fold = finding.fold {
        writer.key("fold")
        fold.write(to: &writer)
      }
      if finding.isHiddenByNestingLevels {
        writer.key("hiddenByNestingLevels")
        writer.value(true)
      }
      writer.key("edges")
      writer.array { writer in
        for edge in finding.edges { write(edge, to: &writer) }
      }
      if let schedule = finding.schedule {
        writer.key("schedule")
        write(schedule, to: &writer)
      }
      if !finding.waiters.isEmpty {
        writer.key("waiters")
        writer.array { writer in
          for waiter in finding.waiters { write(waiter, to: &writer) }
        }
      }
      if !finding.events.isEmpty {
        writer.key("events")
        writer.array { writer in
          for event in finding.events { write(event, to: &writer) }
        }
      }
    }
  }

  private func write(_ edge: FindingEdge, to writer: inout JSONWriter) {
    writer.object { writer in
      writer.member("from", edge.from)
      writer.member("to", edge.to)
      writer.member("kinds", edge.kinds.names)
      if edge.areKindsAssumed {
        writer.key("kindsAssumed")
        writer.value(true)
      }
      if edge.count > 0 { writer.member("count", edge.count) }
      writer.key("witnesses")
      writer.array { writer in
        for witness in edge.witnesses { write(witness, to: &writer) }
      }
      if edge.hasMoreWitnesses {
        writer.key("moreWitnesses")
        writer.value(true)
      }
    }
  }

  func write(_ witness: Witness, to writer: inout JSONWriter) {
    writer.object { writer in
      writer.member("thread", witness.thread)
      writer.key("held")
      write(witness.held, to: &writer)
      writer.key("wanted")
      write(witness.wanted, to: &writer)
      if witness.isStated {
        writer.key("stated")
        writer.value(true)
      } else {
        writer.member("kind", witness.kind.names[0])
      }
      if !witness.options.names.isEmpty { writer.member("options", witness.options.names) }
      writer.key("alsoHeld")
      writer.array { writer in
        for lock in witness.alsoHeld { write(lock, to: &writer) }
      }
      writer.member("input", witness.input)
      writer.member("line", witness.line)
    }
  }

  private func write(_ waiter: Finding.Waiter, to writer: inout JSONWriter) {
    writer.object { writer in
      writer.member("thread", waiter.thread)
      if let wanted = waiter.wanted {
        writer.key("wanted")
        write(wanted, to: &writer)
      } else {
        writer.member("joins", waiter.blockedBy)
      }
      writer.member("blockedBy", waiter.blockedBy)
      if waiter.hasHolderEnded {
        writer.key("holderEnded")
        writer.value(true)
      }
      if !waiter.options.isEmpty { writer.member("options", waiter.options.names) }
      writer.key("held")
      writer.array { writer in
        for lock in waiter.held { write(lock, to: &writer) }
      }
      if let at = waiter.at { writer.member("at", at) }
      if !waiter.stack.isEmpty { writer.member("stack", waiter.stack) }
      writer.member("input", waiter.input)
      writer.member("line", waiter.line)
      if let time = waiter.time { writer.member("sinceNanoseconds", time) }
    }
  }

  func write(_ lock: WitnessedLock, to writer: inout JSONWriter) {
    writer.object { writer in
      writer.member("lock", lock.lock)
      writer.member("class", lock.lockClass)
      if lock.classOrigin != .stated { writer.member("classBy", lock.classOrigin.rawValue) }
      writer.member("mode", lock.mode.name)
      if let at = lock.at { writer.member("at", at) }
      if !lock.stack.isEmpty { writer.member("stack", lock.stack) }
      writer.member("line", lock.line)
    }
  }

  func write(_ event: FindingEvent, to writer: inout JSONWriter) {
    writer.object { writer in
      writer.member("role", event.role.rawValue)
      writer.member("thread", event.thread)
      if let lock = event.lock {
        writer.key("lock")
        write(lock, to: &writer)
      }
      if let at = event.at { writer.member("at", at) }
      if !event.stack.isEmpty { writer.member("stack", event.stack) }
      writer.member("input", event.input)
      writer.member("line", event.line)
    }
  }
}
