/// What differs between two graphs, as `lockgraph-diff/1`. Keys may be added to version 1, never
/// changed or taken away; `Schemas/lockgraph-diff-1.schema.json` describes it.
public struct DifferenceJSON: StreamedDocument {
  /// The document's name and version, its `schema` entry.
  public static let schema = "lockgraph-diff/1"

  private let difference: GraphDifference
  private let old: Analysis
  private let new: Analysis

  /// The difference of two analyses.
  public init(_ difference: GraphDifference, old: Analysis, new: Analysis) {
    self.difference = difference
    self.old = old
    self.new = new
  }

  /// Writes the document, in UTF-8 with a newline at its end.
  @discardableResult
  public func write(_ take: @escaping (UnsafeRawBufferPointer) -> Bool) -> Bool {
    var writer = JSONWriter(take)
    writer.object { writer in
      writer.origin(schema: Self.schema)
      for (name, analysis) in [("old", old), ("new", new)] {
        writer.key(name)
        writer.object { writer in
          writer.key("inputs")
          writer.array { writer in
            for input in analysis.inputs { JSONReport.write(input, to: &writer) }
          }
          writer.member("classes", analysis.summary.classes)
          writer.member("dependencies", analysis.summary.dependencies)
          writer.member("findings", analysis.findings.count)
        }
      }
      Self.write(difference.new, "new", of: new, to: &writer)
      Self.write(difference.gone, "gone", of: old, to: &writer)
      let (before, now) = (JSONReport(old), JSONReport(new))
      writer.key("regradedFindings")
      writer.array { writer in
        for finding in difference.regraded {
          writer.object { writer in
            writer.key("old")
            before.write(finding.old, to: &writer)
            writer.key("new")
            now.write(finding.new, to: &writer)
          }
        }
      }
    }
    return writer.finish()
  }

  private static func write(
    _ side: GraphDifference.Side, _ prefix: String, of analysis: Analysis,
    to writer: inout JSONWriter
  ) {
    let report = JSONReport(analysis)
    writer.key("\(prefix)Classes")
    writer.array { writer in
      for (_, lockClass) in side.classes {
        writer.object { writer in
          writer.member("name", lockClass.name)
          if let kind = lockClass.kind { writer.member("kind", kind.name) }
        }
      }
    }
    writer.key("\(prefix)Dependencies")
    writer.array { writer in
      for dependency in side.dependencies {
        writer.object { writer in
          writer.member("from", dependency.from)
          writer.member("to", dependency.to)
          writer.member("kinds", dependency.kinds.names)
          if dependency.count > 0 { writer.member("count", dependency.count) }
          guard let witness = side.witness(of: dependency) else { return }
          writer.key("witness")
          report.write(witness, to: &writer)
        }
      }
    }
    writer.key("\(prefix)Findings")
    writer.array { writer in
      for finding in side.findings { report.write(finding, to: &writer) }
    }
  }
}
