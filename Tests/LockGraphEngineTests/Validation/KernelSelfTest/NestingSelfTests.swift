import LockGraphEngine
import TestSupport
import Testing

/// Locks of one class inside each other, by permission: acquire contexts, nest locks, ranks,
/// nesting levels.
@Suite struct NestingSelfTests {
  private static let preamble = [
    "init ctx class=Acquire", "init ctx2 class=Acquire", "init o1 kind=ww-mutex class=Object",
    "init o2 kind=ww-mutex class=Object", "init s kind=spin class=Spin",
  ]

  private static func verdicts(_ events: [String]) throws -> [String] {
    try Script(sections: [events], preamble: preamble).verdicts()
  }

  /// A way to take an object's lock: plainly, by a try, or within an acquire context that is begun
  /// first.
  private static let ways: [(name: String, begin: [String], options: String)] = [
    ("block", [], ""), ("try", [], " try"), ("context", ["acquire ctx"], " nest=ctx"),
  ]

  /// The kernel's table: the row's way is first, the column's second.
  @Test(arguments: [("block", "xox"), ("try", "xox"), ("context", "xoo")])
  func `Two objects, each in one of three ways`(_ name: String, _ row: String) throws {
    let first = try #require(Self.ways.first { $0.name == name })
    for (second, cell) in zip(Self.ways, row) {
      let begin = first.begin.isEmpty ? second.begin : []
      let verdicts = try Self.verdicts(
        first.begin + ["acquire o1" + first.options] + begin + ["acquire o2" + second.options])
      var expected = cell == "x" ? ["recursive-acquisition ordering Object"] : []
      // A context that is begun under an object is one more step of a circle.
      if begin == ["acquire ctx"] {
        expected.insert("lock-order-inversion ordering Acquire Object", at: 0)
      }
      #expect(verdicts == expected, "\(second.name)")
    }
  }

  @Test(arguments: [("block", true), ("try", false), ("context", true)])
  func `An object and a spinlock in both orders`(_ name: String, isFound: Bool) throws {
    let way = try #require(Self.ways.first { $0.name == name })
    let object = "acquire o1" + way.options
    let script = Script(
      sections: [
        way.begin + [object, "acquire s", "release s", "release o1"],
        way.begin.map { $0 + "2" } + ["acquire s", object.replacing("ctx", with: "ctx2")],
      ], preamble: Self.preamble)
    #expect(
      try Set(script.verdicts())
        == (isFound
          ? ["lock-order-inversion feasible Object Spin", "invalid-wait-context Object Spin"]
          : []))
  }

  @Test(
    arguments: [
      (["acquire ctx", "acquire ctx2"], ["recursive-acquisition ordering Acquire"]),
      (["acquire ctx", "release ctx", "release ctx"], ["release-not-held Acquire"]),
      (["acquire ctx", "acquire o1 nest=ctx", "release ctx"], ["nest-not-held Object Acquire"]),
      (["acquire o1", "release o1", "release o1"], ["release-not-held Object"]),
      (["acquire o1 nest=ctx"], ["nest-not-held Object Acquire"]),
      (["acquire s nest=o1"], ["nest-not-held Spin Object"]),
      // Wounded: the second object is given up before it was had, all are dropped and the contended
      // one goes first.
      (
        [
          "acquire ctx", "acquire o1 nest=ctx", "request o2 nest=ctx", "abandon o2 reason=deadlock",
          "release o1", "acquire o2 nest=ctx", "acquire o1 nest=ctx", "release o1", "release o2",
          "release ctx",
        ], []
      ),
      // The object that is held is asked for once more instead of being dropped.
      (
        ["acquire ctx", "acquire o1 nest=ctx", "acquire o1 nest=ctx"],
        ["recursive-acquisition feasible Object"]
      ),
    ] as [([String], [String])])
  func `Contexts and objects that are used well and badly`(
    _ events: [String], _ expected: [String]
  ) throws {
    #expect(try Self.verdicts(events) == expected)
  }

  @Test func `A lock taken between two that another one serialises is no finding`() throws {
    let events = [
      "acquire x", "acquire y1 class=Y nest=x", "acquire a", "acquire y2 class=Y nest=x",
      "release a", "release y2", "release y1", "release x",
    ]
    #expect(try Self.verdicts(events).isEmpty)
  }

  @Test func `The nest lock excuses what comes after it and nothing else`() throws {
    // Where among three objects the nest lock is taken, and which acquisitions name it.
    for position in 0...3 {
      try withEvery("named", in: sequences(of: [true, false], length: 3)) { named in
        var events = (1...3).map { "acquire y\($0) class=Y" + (named[$0 - 1] ? " nest=x" : "") }
        events.insert("acquire x", at: position)
        // An object is excused if it names the lock and every other one came after that.
        let isExcused = (1..<3).allSatisfy { named[$0] && position == 0 }
        let isHeld = (0..<3).allSatisfy { !named[$0] || position <= $0 }
        let verdicts = try Self.verdicts(events)
        #expect(
          verdicts.contains("recursive-acquisition ordering Y") == !isExcused,
          "\(position), \(TestContext.description)")
        #expect(verdicts.contains("nest-not-held Y x") == !isHeld, "\(TestContext.description)")
      }
    }
  }

  @Test func `A comparison of ranks allows strictly rising ones`() throws {
    for ranks in sequences(of: [1, 2, 3], length: 3) {
      let events = ranks.enumerated().map { "acquire k\($0.offset) class=K rank=\($0.element)" }
      let rises = ranks[0] < ranks[1] && ranks[1] < ranks[2]
      #expect(
        try Self.verdicts(events) == (rises ? [] : ["recursive-acquisition ordering K"]), "\(ranks)"
      )
    }
  }

  @Test func `A chain of classes that rose in rank before is checked when it falls`() throws {
    let init0 = (1...2).map { "init k\($0) class=K rank=\($0)" }
    let rising = nest(Use("k1"), Use("k2"))
    let falling = nest(Use("k2"), Use("k1"))
    for sections in [[rising, falling], [rising, rising, falling], [falling, rising]] {
      #expect(
        try Script(sections: sections, preamble: init0).verdicts()
          == ["recursive-acquisition ordering K"])
    }
    #expect(try Script(sections: [rising, rising], preamble: init0).verdicts().isEmpty)
  }

  @Test func `Nesting levels are classes of their own, named after the class`() throws {
    let down = nest(Use("a", .write, "class=Disk"), Use("b", .write, "class=Disk subclass=1"))
    #expect(try Script(sections: [down]).verdicts().isEmpty)
    #expect(try analyze(Script(sections: [down]).text).edges == ["Disk -> Disk/1 [EN]"])
    let up = nest(Use("b", .write, "subclass=1"), Use("a", .write))
    #expect(
      try Script(sections: [down, up]).verdicts() == ["lock-order-inversion feasible Disk Disk/1"])
    let level = nest(
      Use("a", .write, "class=Disk subclass=1"), Use("b", .write, "class=Disk subclass=1"))
    #expect(try Script(sections: [level]).verdicts() == ["recursive-acquisition ordering Disk/1"])
  }

  /// Reclaim is a lock that allocations take and give up at once, unless they may not start it.
  @Test(arguments: [("may reclaim", true), ("may not reclaim", false)])
  func `An allocation inside reclaim`(_ allocation: String, isFound: Bool) throws {
    let allocates = allocation == "may reclaim" ? nest(Use("reclaim")) : []
    #expect(
      try Self.verdicts(["acquire reclaim"] + allocates + ["release reclaim"])
        == (isFound ? ["recursive-acquisition feasible reclaim"] : []))
  }
}
