import Foundation
import TestSupport
import Testing

@testable import LockGraphEngine
@testable import LockGraphPage

@Suite struct PageDataTests {
  @Test func `A finding has its threads, locks, places and stacks`() throws {
    let data = try data(
      """
      T1 acquire a class=A at=a.c:3:7 stack=f;main kind=mutex
      T1 acquire b class=B read timeout at=a.c:9
      T1 release b
      T1 release a
      T2 acquire b class=B
      T2 acquire a class=A
      """)
    #expect(data["schema"] as? String == "lockgraph-page/1")
    let page = try Tables(data)
    let finding = try #require((data["findings"] as? [[String: Any]])?.first)
    #expect(finding["rule"] as? String == "lock-order-inversion")
    #expect(page.string(finding["title"]) == "A and B are taken in both orders")
    let classes = try #require(finding["classes"] as? [Int])
    #expect(classes.map { page.string(page.classes[$0]["name"]) } == ["A", "B"])
    #expect(finding["sides"] == nil)
    let edges = try #require(finding["edges"] as? [[String: Any]])
    let sides = edges.compactMap { ($0["witnesses"] as? [Int])?.first }
    #expect(sides.count == 2)
    let side = page.witnesses[sides[0]]
    #expect(page.string(side["thread"]) == "T1")
    let held = page.uses[try #require(side["held"] as? Int)]
    #expect(page.string(held["lock"]) == "a")
    #expect(held["kind"] as? String == "mutex")
    #expect(held["mode"] == nil)
    let place = page.places[try #require(held["place"] as? Int)]
    #expect(place["text"] == nil)
    #expect(place["line"] as? Int == 3)
    #expect(place["column"] as? Int == 7)
    #expect(page.files[try #require(place["file"] as? Int)]["path"] as? String == "a.c")
    let stack = page.stacks[try #require(held["stack"] as? Int)]
    #expect(stack.map { page.string(page.places[$0]["text"]) } == ["f", "main"])
    let wanted = page.uses[try #require(side["wanted"] as? Int)]
    #expect(wanted["mode"] as? String == "read")
    #expect(side["options"] as? [String] == ["timeout"])
  }

  @Test func `Whatever refers to a table is in it, and each text there once`() throws {
    for trace in try Self.samples() {
      let data = try data(trace)
      let page = try Tables(data)
      #expect(Set(page.strings).count == page.strings.count)
      #expect(try page.faults() == [])
    }
  }

  /// Break a reference: the check above has to see it.
  @Test func `A reference to nothing is noticed`() throws {
    var data = try data("T1 acquire A at=a.c:1\nT1 acquire B\nT2 acquire B\nT2 acquire A\n")
    data["places"] = []
    #expect(try Tables(data).faults() != [])
  }

  @Test func `Orders have at most four witnesses, and large graphs one`() throws {
    var trace = ""
    for thread in 0..<9 {
      trace += "T\(thread) acquire A at=a.c:\(thread)\nT\(thread) acquire B at=b.c:\(thread)\n"
      trace += "T\(thread) release B\nT\(thread) release A\n"
    }
    func counts(_ trace: String) throws -> [Int] {
      let orders = try data(trace)["dependencies"] as? [[String: Any]]
      return try #require(orders).map { ($0["witnesses"] as? [Int])?.count ?? 0 }
    }
    #expect(try counts(trace) == [4])
    for orders in [2_000, 2_001] {
      trace = ""
      for thread in ["T", "U"] {
        for lock in 0..<orders {
          trace += "\(thread) acquire L\(lock) class=L\(lock)\n\(thread) acquire M class=M\n"
          trace += "\(thread) release M\n\(thread) release L\(lock)\n"
        }
      }
      let many = try counts(trace)
      #expect(many.count == orders)
      #expect(many.allSatisfy { $0 == (orders > 2_000 ? 1 : 2) })
    }
  }

  @Test func `Lines of the source are those below the root`() throws {
    let outer = try TemporaryFolder()
    try FileManager.default.createDirectory(
      atPath: outer.file("root/Sources/Bank"), withIntermediateDirectories: true)
    _ = try outer.write("one\ntwo\nthree\nfour\n", to: "root/Sources/Bank/Teller.swift")
    _ = try outer.write("secret\n", to: "secret.swift")
    let root = outer.file("root")
    var settings = ReportSettings()
    settings.sourceRoots = [root]
    settings.locate = { $0 == "Bank/Teller.swift" ? "Sources/Bank/Teller.swift" : nil }
    let data = try data(
      """
      T1 acquire A at=Bank/Teller.swift:1
      T1 acquire B at=\(root)/Sources/Bank/Teller.swift:4
      T1 release B
      T1 release A
      T2 acquire B at=../secret.swift:1
      T2 acquire A at=/etc/shadow:1
      """, settings: settings, sources: root)
    let files = try #require(data["files"] as? [[String: Any]])
    let paths = files.map { "\($0["path"] ?? "") \($0["lack"] ?? "")" }
    #expect(
      paths.sorted() == [
        "../secret.swift not below the source root", "/etc/shadow not below the source root",
        "Sources/Bank/Teller.swift ",
      ])
    let lines = try #require(files.compactMap { $0["lines"] as? [[Any]] }.first)
    #expect(lines.map { $0[1] as? String } == ["one", "two", "three", "four"])
    #expect(!String(describing: data).contains("secret\n"))
  }

  @Test func `Standings and reasons are those of the verdict`() throws {
    let analysis = try analyze(Self.inversion)
    let exception = GateException(reason: "at startup", source: "b.json:4")
    let verdict = GateVerdict(
      standings: [.known(exception)],
      remarks: [GateVerdict.Remark(isViolation: true, text: "a remark")])
    let data = try parse(PageReport(analysis, verdict: verdict))
    let finding = try #require((data["findings"] as? [[String: Any]])?.first)
    #expect(finding["standing"] as? String == "known")
    #expect(try Tables(data).string(finding["exception"]) == "at startup (b.json:4)")
    let told = try #require(data["verdict"] as? [String: Any])
    #expect((told["remarks"] as? [[String: Any]])?.first?["text"] as? String == "a remark")
  }

  @Test func `Long names are cut, and stay different`() throws {
    let name = String(repeating: "long", count: 250_000)
    let data = try data(
      "T1 acquire \(name)1\nT1 acquire \(name)2\nT2 acquire \(name)2\nT2 acquire \(name)1\n")
    let strings = try Tables(data).strings.filter { $0.hasPrefix("longlong") }
    #expect(strings.count >= 2)
    #expect(strings.allSatisfy { $0.utf8.count <= PageTables.placeLimit })
  }

  private static let inversion = """
    T1 acquire A
    T1 acquire B
    T1 release B
    T1 release A
    T2 acquire B
    T2 acquire A

    """

  private static func samples() throws -> [String] {
    let folder = "\(BuiltProducts.packageRoot)/samples"
    return try FileManager.default.contentsOfDirectory(atPath: folder).sorted()
      .filter { $0.hasSuffix(".trace") }
      .map { try String(contentsOfFile: "\(folder)/\($0)", encoding: .utf8) }
  }

  private func data(
    _ trace: String, settings: ReportSettings = ReportSettings(), sources: String? = nil
  ) throws -> [String: Any] {
    var analyzer = MeasuringAnalyzer(options: TraceAnalyzer.Options(), readsGraphFiles: true)
    try analyzer.read(.bytes(Array(trace.utf8), name: "1.trace"))
    let (analysis, statistics) = analyzer.finish()
    return try parse(
      PageReport(analysis, statistics: statistics, settings: settings, sources: sources))
  }

  private func parse(_ page: PageReport) throws -> [String: Any] {
    let text = String(decoding: page.bytes, as: UTF8.self)
    let start = try #require(text.ranges(of: #"id="data">"#).first?.upperBound)
    let end = try #require(text[start...].ranges(of: "</script>").first?.lowerBound)
    let json = try JSONSerialization.jsonObject(with: Data(text[start..<end].utf8))
    return try #require(json as? [String: Any])
  }
}

/// The tables of a page, read by a reader that is not the project's own.
private struct Tables {
  let strings: [String]
  let classes: [[String: Any]]
  let witnesses: [[String: Any]]
  let uses: [[String: Any]]
  let stacks: [[Int]]
  let places: [[String: Any]]
  let files: [[String: Any]]
  private let data: [String: Any]

  init(_ data: [String: Any]) throws {
    strings = try #require(data["strings"] as? [String])
    classes = try #require(data["classes"] as? [[String: Any]])
    witnesses = try Self.objects(
      data["witnesses"],
      ["thread", "held", "wanted", "input", "line", "kind", "options", "alsoHeld", "moreHeld"])
    uses = try Self.objects(
      data["uses"], ["lock", "class", "line", "place", "stack", "mode", "kind"])
    stacks = try #require(data["stacks"] as? [[Int]])
    places = try Self.objects(data["places"], ["text", "file", "line", "column"])
    files = try #require(data["files"] as? [[String: Any]])
    self.data = data.merging(["witnesses": witnesses, "uses": uses, "places": places]) { $1 }
  }

  /// Rows by the names of their columns.
  private static func objects(_ rows: Any?, _ names: [String]) throws -> [[String: Any]] {
    try #require(rows as? [[Any]]).map { row in
      try #require(row.count <= names.count && !(row.last is NSNull))
      return [String: Any](uniqueKeysWithValues: zip(names, row)).filter { !($1 is NSNull) }
    }
  }

  func string(_ number: Any?) -> String? {
    (number as? Int).flatMap { strings.indices.contains($0) ? strings[$0] : nil }
  }

  /// The keys whose numbers are positions in a table, wherever they stand.
  private var counts: [String: Int] {
    [
      "name": strings.count, "title": strings.count, "thread": strings.count,
      "input": strings.count, "lock": strings.count, "class": strings.count, "kinds": strings.count,
      "blockedBy": strings.count, "why": strings.count, "advice": strings.count,
      "held": uses.count, "wanted": uses.count, "alsoHeld": uses.count, "use": uses.count,
      "place": places.count, "stack": stacks.count, "file": files.count, "from": classes.count,
      "to": classes.count, "classes": classes.count, "witnesses": witnesses.count,
      "sides": witnesses.count,
    ]
  }

  /// What refers to nothing.
  func faults() throws -> [String] {
    var faults: [String] = []
    func check(_ value: Any, _ key: String) {
      if let object = value as? [String: Any] {
        for (key, value) in object { check(value, key) }
      } else if let array = value as? [Any] {
        for value in array { check(value, key) }
      } else if let number = value as? Int, let count = counts[key], !(0..<count).contains(number) {
        faults.append("\(key): \(number) of \(count)")
      }
    }
    for (key, value) in data where !["summary", "statistics", "strings", "inputs"].contains(key) {
      check(value, key)
    }
    for (index, stack) in stacks.enumerated() where !stack.allSatisfy(places.indices.contains) {
      faults.append("stack \(index)")
    }
    return faults
  }
}
