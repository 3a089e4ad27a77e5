import TestSupport
import Testing

@testable import LockGraphEngine

@Suite("Suppositions")
struct SuppositionTests {
  private static let bothOrders = """
    t acquire A class=Account at=a.c:1
    t acquire L class=Ledger at=a.c:2
    t release L
    t release A
    u acquire L at=b.c:1
    u acquire A at=b.c:2
    u release A
    u release L

    """

  @Test("An order takes back what was against it")
  func order() throws {
    let (found, supposed) = try suppose(
      Self.bothOrders, [.order(first: "Account", second: "Ledger")])
    #expect(found.findings.map(\.confidence) == [.feasible])
    #expect(supposed.findings.isEmpty)
    #expect(edges(supposed) == ["Account -> Ledger"])
    #expect(
      supposed.graph.dependencies.flatMap { supposed.graph.witnesses(of: $0) }.map(\.thread)
        .sorted()
        == ["t", "u"])
  }

  @Test("A gate makes a cycle impossible, and can close another one")
  func gate() throws {
    let (_, supposed) = try suppose(Self.bothOrders, [.gate("Account", "Ledger")])
    #expect(supposed.findings.map(\.confidence) == [.excluded])
    let (_, worse) = try suppose(
      Self.bothOrders + """
        v acquire A at=c.c:1
        v acquire X class=Extra at=c.c:2
        v release X
        v release A
        w acquire X at=d.c:1
        w acquire L at=d.c:2
        w release L
        w release X

        """, [.gate("Account", "Ledger")])
    let new = worse.findings.filter { $0.classes.contains("gate of Account and Ledger") }
    #expect(new.map(\.confidence).contains(.feasible))
    #expect(new.first?.classes.contains("Extra") == true)
  }

  @Test(
    "What tries at a place waits for nobody there", arguments: ["b.c:2", "close", "close (b.c:2)"])
  func attempt(place: String) throws {
    let text = Self.bothOrders.replacing("at=b.c:2", with: #"at=b.c:2 stack="close (b.c:2);main""#)
    let (_, supposed) = try suppose(text, [.attempt(place: place)])
    #expect(supposed.findings.isEmpty)
    #expect(edges(supposed) == ["Account -> Ledger"])
  }

  @Test("What means nothing is told, with the likest")
  func unknown() throws {
    let error = #expect(throws: SuppositionError.self) {
      try suppose(Self.bothOrders, [.order(first: "Acount", second: "Ledger")])
    }
    #expect(
      error?.description
        == "no lock of class 'Acount' was taken with another one; expected: 'Account'")
    let place = #expect(throws: SuppositionError.self) {
      try suppose(Self.bothOrders, [.attempt(place: "b.c:3")])
    }
    #expect(place?.description.hasPrefix("no lock was taken at 'b.c:3'") == true)
  }

  /// What a thread does: locks by their letters, taken and, small, given up in the reverse order.
  private typealias Sections = [[Character]]

  @Test("Orders are what the changed program shows, on random programs")
  func ordersOfRandomPrograms() throws {
    try withSeeds(0..<150) { generator in
      // Of what one thread does at two places the first is kept.
      let program = (0..<3).map { _ in Array(randomSections(&generator).prefix(1)) }
      let orders = edges(try analyze(text(of: program))).joined()
      guard orders.contains("A"), orders.contains("B") else { return }
      let (_, supposed) = try suppose(text(of: program), [.order(first: "A", second: "B")])
      let truth = try analyze(text(of: program.map { $0.map(Self.takingAFirst) }))
      #expect(edges(supposed) == edges(truth), "\(TestContext.description)\n\(text(of: program))")
      #expect(
        cycles(supposed) == cycles(truth), "\(TestContext.description)\n\(text(of: program))")
    }
  }

  @Test("Tries are what the changed program shows, on random programs")
  func triesOfRandomPrograms() throws {
    try withSeeds(0..<100) { generator in
      // Of what one thread does at two places the first is kept.
      let program = (0..<3).map { _ in Array(randomSections(&generator).prefix(1)) }
      let text = text(of: program)
      let lines = text.split(separator: "\n").filter { $0.contains(" acquire ") }
      guard let line = lines.randomElement(using: &generator),
        let place = line.split(separator: "at=").last.map(String.init)
      else { return }
      let truth = try analyze(text.replacing(line, with: line + " try"))
      do {
        let (_, supposed) = try suppose(text, [.attempt(place: place)])
        #expect(edges(supposed) == edges(truth), "\(TestContext.description) \(place)\n\(text)")
        #expect(cycles(supposed) == cycles(truth), "\(TestContext.description) \(place)\n\(text)")
      } catch is SuppositionError {
        // It is taken with nothing held.
        #expect(try edges(analyze(text)) == edges(truth), "\(TestContext.description)")
      }
    }
  }

  @Test("Gates are what the changed program shows, on random programs")
  func gatesOfRandomPrograms() throws {
    try withSeeds(0..<100) { generator in
      let program = (0..<3).map { _ in randomSections(&generator) }
      let gate = "gate of A and B"
      let original = text(of: program)
      guard edges(try analyze(original)).contains(where: { $0.contains("A") }),
        edges(try analyze(original)).contains(where: { $0.contains("B") })
      else { return }
      let (_, supposed) = try suppose(original, [.gate("A", "B")])
      let truth = try analyze(
        text(of: program.map { $0.map(Self.takingGate) }).replacing(
          "class=G", with: "class=\"\(gate)\""))
      let seen = edges(truth)
      // With nothing but the gate held nothing was seen that could be changed.
      #expect(edges(supposed).isSubset(of: seen), "\(TestContext.description)\n\(original)")
      #expect(
        seen.subtracting(edges(supposed)).allSatisfy { $0.hasPrefix(gate) },
        "\(TestContext.description)\n\(original)")
    }
  }

  // MARK: Programs

  /// Each lock once in a section, which nests as it goes.
  private func randomSections(_ generator: inout SeededGenerator) -> Sections {
    (0..<Int.random(in: 1...2, using: &generator)).map { _ in
      var unused = Array("ABCD").shuffled(using: &generator)
      var held: [Character] = []
      var section: [Character] = []
      for _ in 0..<8 {
        if !unused.isEmpty, held.isEmpty || Bool.random(using: &generator) {
          held.append(unused.removeLast())
          section.append(held.last!)
        } else if let last = held.popLast() {
          section.append(Character(last.lowercased()))
        }
      }
      while let last = held.popLast() { section.append(Character(last.lowercased())) }
      return section
    }
  }

  /// A is taken right before B and given up right after it, where it is taken while B is held.
  private static func takingAFirst(_ section: [Character]) -> [Character] {
    guard let start = section.firstIndex(of: "B"), let end = section.firstIndex(of: "b"),
      section[start..<end].contains("A")
    else { return section }
    var result = Array(section[..<start])
    result.append("A")
    result += section[start...end].filter { $0 != "A" && $0 != "a" }
    result.append("a")
    result += section[section.index(after: end)...]
    return result
  }

  /// G around all in which A or B is held.
  private static func takingGate(_ section: [Character]) -> [Character] {
    var held: Set<Character> = []
    var result: [Character] = []
    for step in section {
      let isOfPair = "ABab".contains(step)
      if isOfPair, step.isUppercase {
        if held.isEmpty { result.append("G") }
        held.insert(step)
      }
      result.append(step)
      guard isOfPair, step.isLowercase else { continue }
      held.remove(Character(step.uppercased()))
      if held.isEmpty { result.append("g") }
    }
    return result
  }

  /// Every line has a place of its own, the same for one lock in one section of one thread.
  private func text(of program: [Sections]) -> String {
    var text = ""
    for (thread, sections) in program.enumerated() {
      for (number, section) in sections.enumerated() {
        for step in section {
          let lock = step.uppercased()
          let place = "\(lock)\(thread).c:\(number + 1)"
          if step.isUppercase {
            text += "t\(thread) acquire \(lock) class=\(lock) at=\(place)\n"
          } else {
            text += "t\(thread) release \(lock)\n"
          }
        }
      }
    }
    return text
  }

  private func suppose(
    _ text: String, _ suppositions: [Supposition]
  ) throws -> (found: Analysis, supposed: Analysis) {
    var analyzer = TraceAnalyzer()
    try analyzer.read(.bytes(Array(text.utf8), name: "1.trace"))
    return try analyzer.finish(supposing: suppositions)
  }

  private func edges(_ analysis: Analysis) -> Set<String> {
    let names = analysis.graph.classes.map(\.name)
    return Set(analysis.graph.dependencies.map { "\(names[$0.from]) -> \(names[$0.to])" })
  }

  private func cycles(_ analysis: Analysis) -> Set<String> {
    Set(analysis.findings.map { "\($0.classes) \($0.confidence.map(\.rawValue) ?? "")" })
  }
}
