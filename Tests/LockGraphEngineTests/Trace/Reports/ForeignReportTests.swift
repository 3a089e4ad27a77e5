import LockGraphEngine
import TestSupport
import Testing

/// What other tools report is read, told by our rules, and known by the same fingerprints however
/// it came.
@Suite struct ForeignReportTests {
  /// The format and findings of each file.
  private static let expected: [String: (format: String, findings: [String])] = [
    "abseil.txt": ("abseil", ["lock-order-inversion ordering"]),
    "android.txt": ("android", ["deadlock observed", "lock-order-inversion feasible"]),
    "bitcoin.txt": ("bitcoin", []),
    "debugger.txt": ("debugger", ["deadlock observed", "lock-order-inversion feasible"]),
    "go-deadlock-timeout.txt": ("go-deadlock", []),
    "go-deadlock.txt": ("go-deadlock", ["lock-order-inversion ordering"]),
    "go.txt": ("go", ["still-waiting"]),
    "helgrind.txt": ("helgrind", ["lock-order-inversion ordering"]),
    "innodb.txt": ("innodb", ["deadlock observed", "lock-order-inversion feasible"]),
    "javacore.txt": ("javacore", ["deadlock observed", "lock-order-inversion feasible"]),
    "jvm-virtual.json": ("jvm", ["deadlock observed", "lock-order-inversion feasible"]),
    "jvm.txt": ("jvm", ["deadlock observed", "lock-order-inversion feasible"]),
    "lldb.txt": ("debugger", []),
    "parking-lot.txt": ("parking-lot", ["deadlock observed", "lock-order-inversion feasible"]),
    "postgresql.txt": ("postgresql", ["deadlock observed", "lock-order-inversion feasible"]),
    "real-abseil.txt": ("abseil", ["lock-order-inversion ordering"]),
    "real-debugger.txt": ("debugger", ["deadlock observed", "lock-order-inversion feasible"]),
    "real-go-deadlock.txt": ("go-deadlock", ["lock-order-inversion ordering"]),
    "real-go.txt": ("go", ["still-waiting"]),
    "real-helgrind.txt": (
      "helgrind",
      [
        "destroyed-while-held", "lock-order-inversion ordering", "lock-order-inversion ordering",
        "release-not-held",
      ]
    ),
    "real-jvm.txt": (
      "jvm",
      [
        "deadlock observed", "deadlock observed", "lock-order-inversion feasible",
        "lock-order-inversion feasible",
        "wait-while-holding",
      ]
    ),
    "real-postgresql-client.txt": (
      "postgresql", ["deadlock observed", "lock-order-inversion feasible"]
    ),
    "real-postgresql.txt": (
      "postgresql", ["deadlock observed", "lock-order-inversion feasible"]
    ),
    "real-tsan.txt": (
      "tsan",
      ["lock-order-inversion feasible", "lock-order-inversion feasible", "release-not-held"]
    ),
    "tracing-mutex.txt": ("tracing-mutex", ["lock-order-inversion ordering"]),
    "tsan-double-lock.txt": ("tsan", ["recursive-acquisition feasible"]),
    "tsan.txt": ("tsan", ["lock-order-inversion feasible"]),
  ]

  @Test(arguments: ReportFile.all)
  func `Each is recognised and told by our rules`(name: String) throws {
    let expected = try #require(Self.expected[name])
    let analysis = try analyze(ReportFile(name).text)
    #expect(analysis.inputs[0].format == expected.format)
    let found = analysis.findings.map { finding in
      finding.rule.rawValue + (finding.confidence.map { " \($0.rawValue)" } ?? "")
    }
    #expect(found.sorted() == expected.findings, "\(analysis.findingLines)")
  }

  // MARK: The same report on another way

  private static let prefixes = [
    "2024-03-01T10:11:12.1234567Z ", "app_1  | ", "    ", "\u{1B}[31m",
  ]

  @Test(arguments: ReportFile.all, prefixes)
  func `What a logger puts before the lines changes nothing`(name: String, prefix: String) throws {
    guard !name.hasSuffix(".json") else { return }
    let report = ReportFile(name)
    let plain = try analyze(report.text)
    // The time of a line differs from that of the one before.
    let lines = report.lines.enumerated().map { number, line in
      prefix.replacing("1:12", with: "1:\(10 + number % 50)") + line
    }
    let other = try analyze(lines.joined(separator: "\n"))
    #expect(other.inputs[0].format == plain.inputs[0].format)
    #expect(other.findings.map(\.fingerprint) == plain.findings.map(\.fingerprint))
  }

  @Test(arguments: ReportFile.all)
  func `Addresses, processes and numbers of mutexes are in no fingerprint`(name: String) throws {
    let text = ReportFile(name).text
    // Digits of addresses, numbers of processes, and the names that TSan gives out.
    var moved = text.replacing(#/0x[0-9a-fA-F]{5,}/#) { match in
      "0x\(Self.rotated(match.output.dropFirst(2)))"
    }
    moved = moved.replacing(#/\bM(\d+)\b/#) { match in "M\(match.output.1)7" }
    moved = moved.replacing(#/pid=(\d+)/#) { match in "pid=9\(match.output.1)" }
    moved = moved.replacing(#/==(\d+)==/#) { match in "==9\(match.output.1)==" }
    moved = moved.replacing(#/@([0-9a-f]{8})"/#) { match in "@\(Self.rotated(match.output.1))\"" }
    let before = try analyze(text)
    let after = try analyze(moved)
    #expect(
      Set(after.findings.map(\.fingerprint)) == Set(before.findings.map(\.fingerprint)),
      "\(after.findingLines)")
  }

  private static func rotated(_ digits: Substring) -> String {
    // Nothing becomes longer, and no two become one.
    String(digits.map { digit -> Character in digit == "9" ? "8" : digit == "8" ? "9" : digit })
  }

  @Test(arguments: ["jvm.txt", "tsan.txt", "helgrind.txt", "postgresql.txt", "innodb.txt"])
  func `Two of a kind are one finding`(name: String) throws {
    let text = ReportFile(name).text
    let one = try analyze(text)
    let two = try analyze(text, text.replacing("4711", with: "4712"))
    #expect(two.findings.map(\.fingerprint) == one.findings.map(\.fingerprint))
  }

  // MARK: Damage

  @Test(arguments: ReportFile.all)
  func `A report that is cut off is refused, or told as far as it goes`(name: String) throws {
    let lines = ReportFile(name).lines
    // Of long ones some places.
    for count in stride(from: 0, to: lines.count, by: 1 + lines.count / 40) {
      let text = lines[..<count].joined(separator: "\n") + "\n"
      do throws(TraceError) {
        let analysis = try analyze(text)
        let json = JSONReport(analysis).bytes
        #expect(!json.isEmpty)
      } catch {
        #expect(!error.message.isEmpty)
      }
    }
  }

  @Test(arguments: ReportFile.all)
  func `A damaged report is refused or analysed`(name: String) {
    let base = Array(ReportFile(name).text.utf8)
    withSeeds(0..<15) { generator in
      let bytes = mutated(base, using: &generator)
      for keepGoing in [false, true] {
        guard let analysis = try? analyze(inputs: [bytes], keepGoing: keepGoing) else { continue }
        #expect(!TextReport(analysis).text.utf8.contains(0x1B), "\(TestContext.description)")
      }
    }
  }

  @Test(arguments: ReportFile.all)
  func `A very long line is no obstacle`(name: String) throws {
    let long = String(repeating: "x (", count: 300_000)
    let text = ReportFile(name).text
    _ = try? analyze(text + long + "\n" + text + long)
    _ = try? analyze(text.replacing("\n", with: long + "\n", maxReplacements: 3))
  }
}
