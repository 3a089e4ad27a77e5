import LockGraphEngine

/// The data of a page, `lockgraph-page/1`. Keys may be added to version 1, never changed or taken
/// away; `Schemas/lockgraph-page-1.schema.json` describes it.
struct PageData: StreamedDocument {
  let analysis: Analysis
  let verdict: GateVerdict?
  let statistics: LockStatistics?
  /// The identifiers of the picture's elements.
  let drawn: Set<String>
  let settings: ReportSettings
  let sources: SourceFolder?

  /// Writes the data on one line.
  @discardableResult
  func write(_ take: @escaping (UnsafeRawBufferPointer) -> Bool) -> Bool {
    let tables = PageTables(settings)
    var writer = JSONWriter(isIndented: false, take)
    writer.object { writer in
      writer.origin(schema: PageReport.schema)
      writer.key("inputs")
      writer.array { writer in
        for input in analysis.inputs { Self.write(input, to: &writer) }
      }
      writeSummary(to: &writer)
      if let verdict { write(verdict, to: &writer) }
      writer.key("rules")
      writer.object { writer in
        for rule in Set(analysis.findings.map(\.rule)).sorted() { Self.write(rule, to: &writer) }
      }
      let graph = PageGraph(analysis, drawn: drawn, tables)
      writer.key("findings")
      writer.array { writer in
        for (number, finding) in analysis.findings.enumerated() {
          let standing = verdict?.standings[number]
          PageFinding(number, finding, standing, tables, graph).write(to: &writer)
        }
      }
      writeWaiting(tables, to: &writer)
      graph.write(to: &writer)
      if let statistics { PageStatistics(statistics, tables).write(to: &writer) }
      tables.readExcerpts(from: sources)
      tables.write(showsSources: sources != nil, to: &writer)
    }
    return writer.finish()
  }

  private static func write(_ input: TraceInput, to writer: inout JSONWriter) {
    writer.object { writer in
      writer.member("name", input.name.shortened(to: PageTables.placeLimit))
      writer.member("format", input.format)
      writer.member("events", input.events)
      if input.facts > 0 { writer.member("facts", input.facts) }
      if input.skipped > 0 {
        writer.member("skipped", input.skipped)
        if let first = input.firstSkipped {
          writer.member("firstSkipped", first.description.shortened(to: PageTables.placeLimit))
        }
      }
      if !input.warnings.isEmpty {
        writer.member("warnings", input.warnings.map { $0.shortened(to: PageTables.placeLimit) })
      }
    }
  }

  private func writeSummary(to writer: inout JSONWriter) {
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
    }
  }

  private func write(_ verdict: GateVerdict, to writer: inout JSONWriter) {
    writer.key("verdict")
    writer.object { writer in
      let coverage =
        switch verdict.coverage {
        case .checked: "checked"
        case .nothing: "nothing"
        case .insufficient: "insufficient"
        }
      writer.member("coverage", coverage)
      writer.key("remarks")
      writer.array { writer in
        for remark in verdict.remarks {
          writer.object { writer in
            writer.member("text", remark.text.shortened(to: PageTables.placeLimit))
            writer.key("violation")
            writer.value(remark.isViolation)
          }
        }
      }
    }
  }

  private static func write(_ rule: Rule, to writer: inout JSONWriter) {
    writer.key(rule.rawValue)
    writer.object { writer in
      writer.member("summary", rule.summary)
      writer.member("meaning", rule.meaningParagraphs)
      if let advice = rule.advice { writer.member("advice", advice) }
    }
  }

  private func writeWaiting(_ tables: PageTables, to writer: inout JSONWriter) {
    guard !analysis.waiting.isEmpty else { return }
    writer.key("waiting")
    writer.array { writer in
      for group in analysis.waiting.prefix(200) {
        writer.object { writer in
          writer.member("kind", group.root.kind.rawValue)
          writer.member("text", tables.string(group.root.text))
          writer.key("waits")
          writer.array { writer in
            for wait in group.waits.prefix(50) {
              writer.object { writer in
                writer.member("text", tables.string(wait.text))
                if let place = tables.place(at: wait.at, stack: wait.stack) {
                  writer.member("place", place)
                }
                if let stack = tables.stack(wait.stack) { writer.member("stack", stack) }
                writer.member("input", tables.string(wait.input))
                writer.member("line", wait.line)
              }
            }
          }
          if group.waits.count > 50 { writer.member("moreWaits", group.waits.count - 50) }
        }
      }
    }
    if analysis.waiting.count > 200 {
      writer.member("moreWaiting", analysis.waiting.count - 200)
    }
  }
}
