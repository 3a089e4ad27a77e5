// The tool and its rules: what a viewer shows beside a result.

extension SARIFReport {
  func writeTool(to writer: inout JSONWriter) {
    writer.key("tool")
    writer.object { writer in
      writer.key("driver")
      writer.object { writer in
        writer.member("name", "lockdep-check")
        writer.member("version", lockGraphVersion)
        writer.member("semanticVersion", lockGraphVersion)
        writer.member("informationUri", lockGraphRepository)
        writer.key("rules")
        writer.array { writer in
          for rule in Rule.allCases { write(rule, to: &writer) }
        }
      }
    }
  }

  private func write(_ rule: Rule, to writer: inout JSONWriter) {
    let explanation = RuleExplanationText(rule)
    writer.object { writer in
      writer.member("id", rule.rawValue)
      writer.member("name", rule.rawValue.split(separator: "-").map(capitalized).joined())
      writer.key("shortDescription")
      writer.object { $0.member("text", capitalized(rule.summary[...]) + ".") }
      writer.key("fullDescription")
      writer.object { $0.member("text", rule.meaningParagraphs[0]) }
      writer.member(
        "helpUri", "\(lockGraphRepository)/blob/main/docs/rules/\(rule.rawValue).md")
      writer.key("help")
      writer.object { writer in
        writer.member("text", explanation.text)
        writer.member("markdown", explanation.markdown)
      }
      writer.key("defaultConfiguration")
      writer.object { $0.member("level", rule.severity.rawValue) }
      writer.key("properties")
      writer.object { writer in
        // What carries a confidence need not have happened, but for a deadlock; everything else
        // did.
        writer.member(
          "precision", rule.hasConfidence && rule != .deadlock ? "high" : "very-high")
        writer.member(
          "problem.severity", rule.severity == .note ? "recommendation" : rule.severity.rawValue)
        writer.member("tags", ["concurrency", "correctness", "locks"])
      }
    }
  }

  private func capitalized(_ text: Substring) -> String {
    text.prefix(1).uppercased() + text.dropFirst()
  }
}

extension Rule {
  /// Its place in the list of rules of a SARIF run.
  var index: Int { Rule.allCases.firstIndex(of: self)! }
}
