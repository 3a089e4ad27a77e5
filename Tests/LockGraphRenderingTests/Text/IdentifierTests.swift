import Testing

@testable import LockGraphEngine
@testable import LockGraphRendering

@Suite struct `Identifiers` {
  @Test func `plain names stand for themselves, others get a hash`() {
    #expect(StableIdentifiers.lockClass("config_lock") == "class-config_lock")
    #expect(StableIdentifiers.lockClass("a-b") == "class-a-b")
    #expect(StableIdentifiers.lockClass("&mm->lock") == "class-mm-lock-e7c23e543002a113")
    #expect(StableIdentifiers.dependency(from: "a", to: "b") == "dep-a--b")
    #expect(StableIdentifiers.remainder(ofFinding: 3) == "more-finding-3")
  }

  @Test func `names that differ have different identifiers`() {
    let names = [
      "a", "A", "a-", "-a", "a--b", "a-b", "a.b", "a/b", "", " ", "\n", "é",
      String(repeating: "x", count: 48), String(repeating: "x", count: 49),
    ]
    let identifiers = names.map { StableIdentifiers.lockClass($0) }
    #expect(Set(identifiers).count == names.count)
    for identifier in identifiers {
      #expect(
        identifier.utf8.allSatisfy { byte in
          (UInt8(ascii: "a")...UInt8(ascii: "z")).contains(byte)
            || (UInt8(ascii: "A")...UInt8(ascii: "Z")).contains(byte)
            || (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte)
            || byte == UInt8(ascii: "-") || byte == UInt8(ascii: "_")
        })
    }
  }

  @Test func `an identifier that is taken gets a number`() {
    var identifiers = UniqueIdentifiers()
    #expect(identifiers.register("class-a") == "class-a")
    #expect(identifiers.register("class-a") == "class-a--2")
    #expect(identifiers.register("class-a") == "class-a--3")
  }

  @Test func `a finding more changes no identifier`() throws {
    var fixture = GraphFixture()
    fixture.addDependency("a b", "c")
    let before = try fixture.drawing()
    fixture.addCycle(["c", "d"])
    let after = try fixture.drawing()
    #expect(
      Set(before.classes.map(\.identifier)).isSubset(of: after.classes.map(\.identifier)))
    #expect(
      Set(before.dependencies.map(\.identifier))
        .isSubset(of: after.dependencies.map(\.identifier)))
    #expect(after.dependencies.map(\.identifier).contains("dep-c--d"))
  }

  #if Graphviz
    @Test func `elements carry what style sheets need`() throws {
      var fixture = GraphFixture()
      fixture.addClass("a", kind: .rwlock)
      fixture.addCycle(["a", "b"], kinds: [.en, .sr], severity: .warning)
      fixture.addDependency("c", "a", kinds: .er)
      let document = try Document(fixture.text())
      let onCycle = try #require(document.element(id: "dep-a--b"))
      #expect(
        onCycle.attributes["class"]
          == "dependency on-cycle severity-warning finding-1 kind-EN kind-SR")
      #expect(document.element(id: "dep-c--a")?.attributes["class"] == "dependency kind-ER")
      #expect(
        document.element(id: "class-a")?.attributes["class"]
          == "lock-class on-cycle severity-warning finding-1 lock-rwlock")
      #expect(document.element(id: "class-c")?.attributes["class"] == "lock-class lock-mutex")
    }
  #endif

  @Test func `DOT has the same identifiers and classes`() throws {
    var fixture = GraphFixture()
    fixture.addCycle(["a", "b c"])
    let text = try fixture.text(.dot)
    #expect(text.contains("\"a\" -> \"b c\" ["))
    #expect(text.contains("id=\"class-a\""))
    #expect(
      text.contains("class=\"dependency on-cycle severity-error finding-1 kind-EN\""))
  }
}
