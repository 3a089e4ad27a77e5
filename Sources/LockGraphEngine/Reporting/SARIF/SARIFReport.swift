/// The report in SARIF 2.1.0, as code scanning services read it.
///
/// What GitHub does not take is cut, and the run's notifications say so: 25,000 results, 100
/// related places and 1,000 steps a result.
public struct SARIFReport: StreamedDocument {
  /// How many results there may be.
  var resultLimit = 25_000
  /// The name for the folder that relative paths are relative to.
  static let sourceRoot = "%SRCROOT%"

  private let subject: JudgedAnalysis

  /// The report of an analysis and of what the gate makes of it.
  public init(_ subject: JudgedAnalysis) { self.subject = subject }

  /// Writes the report, in UTF-8 with a newline at its end.
  @discardableResult
  public func write(_ take: @escaping (UnsafeRawBufferPointer) -> Bool) -> Bool {
    let findings = subject.findings
    var writer = JSONWriter(take)
    writer.object { writer in
      writer.member("$schema", "https://json.schemastore.org/sarif-2.1.0.json")
      writer.member("version", "2.1.0")
      writer.key("runs")
      writer.array { writer in
        writer.object { writer in
          writeTool(to: &writer)
          writeInvocation(findings.count, to: &writer)
          writeSourceRoot(to: &writer)
          writeResults(findings, to: &writer)
        }
      }
    }
    return writer.finish()
  }

  private func writeSourceRoot(to writer: inout JSONWriter) {
    // Without its address, which differs from machine to machine.
    writer.key("originalUriBaseIds")
    writer.object { writer in
      writer.key(Self.sourceRoot)
      writer.object { writer in
        writer.message("description", "The folder that --source-root names.")
      }
    }
  }

  private func writeResults(_ findings: [JudgedFinding], to writer: inout JSONWriter) {
    writer.key("results")
    writer.array { writer in
      for judged in kept(findings) {
        SARIFResult(judged: judged, settings: subject.settings).write(to: &writer)
      }
    }
  }

  /// Of too many, those that fail the gate before others.
  private func kept(_ findings: [JudgedFinding]) -> [JudgedFinding] {
    guard findings.count > resultLimit else { return findings }
    let violations = findings.filter(\.standing.isViolation)
    let others = findings.filter { !$0.standing.isViolation }
    return Array((violations + others).prefix(resultLimit))
  }

  private func writeInvocation(_ count: Int, to writer: inout JSONWriter) {
    writer.key("invocations")
    writer.array { writer in
      writer.object { writer in
        writer.key("executionSuccessful")
        writer.value(!subject.verdict.isUndecided)
        writer.key("toolExecutionNotifications")
        writer.array { writer in
          for note in ReportNotes(subject).all {
            writer.notification(note.isViolation ? "error" : "note", note.text)
          }
          if count > resultLimit {
            writer.notification(
              "warning",
              "\(count - resultLimit) of \(count) results are left out: code scanning takes "
                + "no more than \(resultLimit).")
          }
        }
      }
    }
  }
}

extension JSONWriter {
  /// A SARIF message of plain text.
  mutating func message(_ name: String, _ text: String) {
    key(name)
    object { writer in writer.member("text", SARIFText.escaped(text)) }
  }

  fileprivate mutating func notification(_ level: String, _ text: String) {
    object { writer in
      writer.member("level", level)
      writer.message("message", text)
    }
  }
}
