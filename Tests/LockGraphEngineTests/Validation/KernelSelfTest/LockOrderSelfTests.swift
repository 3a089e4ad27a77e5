import LockGraphEngine
import TestSupport
import Testing

/// Locks taken twice and in circles, for every sort of lock.
@Suite struct LockOrderSelfTests {
  /// Sections of two nested locks each, and the ring among them.
  struct Ring: CustomTestStringConvertible, Sendable {
    var sections: String
    var classes: String
    var testDescription: String { sections }

    func script(_ flavour: Flavour, order: [Int], _ threads: Script.Threads) -> Script {
      let pairs = sections.split(separator: " ").map { $0.map(String.init) }
      return Script(
        sections: order.map { nest(flavour.use(pairs[$0][0]), flavour.use(pairs[$0][1])) },
        threads: threads,
        preamble: flavour.making(Set(pairs.joined()).sorted()))
    }

    var count: Int { sections.split(separator: " ").count }
  }

  static let rings = [
    Ring(sections: "AB BA", classes: "A B"),
    Ring(sections: "AB BC CA", classes: "A B C"),
    Ring(sections: "AB CA BC", classes: "A B C"),
    Ring(sections: "AB BC CD DA", classes: "A B C D"),
    Ring(sections: "AB CD BD DA", classes: "A B D"),
    Ring(sections: "AB CD BC DA", classes: "A B C D"),
    Ring(sections: "AB BC CD DE EA", classes: "A B C D E"),
  ]

  @Test(arguments: rings, Flavour.all)
  func `A ring is found in every order of its sections unless all are recursive readers`(
    _ ring: Ring, _ flavour: Flavour
  ) throws {
    for threads in Script.Threads.allCases {
      let confidence = threads == .one ? "ordering" : "feasible"
      let expected =
        flavour.blocksItself ? ["lock-order-inversion \(confidence) \(ring.classes)"] : []
      try withEvery("order", in: permutations(of: Array(0..<ring.count))) { order in
        let script = ring.script(flavour, order: order, threads)
        try expect(script, finds: expected)
      }
    }
  }

  @Test(arguments: rings, Flavour.all)
  func `A ring that lacks one of its sections is none`(_ ring: Ring, _ flavour: Flavour) throws {
    let script = ring.script(flavour, order: Array(0..<ring.count), .each)
    for number in script.sections.indices {
      var open = script
      open.sections.remove(at: number)
      let isRedundant = Array(ring.sections.split(separator: " "))[number].contains {
        !ring.classes.contains($0)
      }
      #expect(try open.verdicts().isEmpty == (!isRedundant || !flavour.blocksItself))
    }
  }

  @Test(arguments: Flavour.all)
  func `Two locks of a class and one lock twice are found unless both are recursive readers`(
    _ flavour: Flavour
  ) throws {
    let two = Script(
      sections: [[flavour.use("x1").acquire, flavour.use("x2").acquire]],
      preamble: flavour.making(["x1", "x2"], lockClass: "X"))
    let one = Script(
      sections: [[flavour.use("x1").acquire, flavour.use("x1").acquire]],
      preamble: flavour.making(["x1"], lockClass: "X"))
    #expect(
      try two.verdicts() == (flavour.blocksItself ? ["recursive-acquisition ordering X"] : []))
    #expect(
      try one.verdicts() == (flavour.blocksItself ? ["recursive-acquisition feasible X"] : []))
  }

  @Test(arguments: [LockKind.rwlock, .rwsem])
  func `Mixed readers and writers of one class follow the block matrix`(_ kind: LockKind) throws {
    for held in LockMode.ofKernel {
      for asked in LockMode.ofKernel {
        let blocks = BlockMatrix.blocks(held, asked)
        let two = Script(
          sections: [nest(Use("x1", held), Use("x2", asked))],
          preamble: Flavour(kind).making(["x1", "x2"], lockClass: "X"))
        #expect(
          try two.verdicts() == (blocks ? ["recursive-acquisition ordering X"] : []),
          "\(held) \(asked)")
        let one = Script(
          sections: [nest(Use("x", held), Use("x", asked))],
          preamble: Flavour(kind).making(["x"]))
        #expect(
          try one.verdicts() == (blocks ? ["recursive-acquisition feasible x"] : []),
          "\(held) \(asked)")
      }
    }
  }

  @Test(arguments: Flavour.all)
  func `A ring is broken by a try for an inner lock and by no other try`(
    _ flavour: Flavour
  ) throws {
    try withEvery("tries", in: sequences(of: ["", "try"], length: 4)) { tries in
      let script = Script(
        sections: [
          nest(flavour.use("A", tries[0]), flavour.use("B", tries[1])),
          nest(flavour.use("B", tries[2]), flavour.use("A", tries[3])),
        ], preamble: flavour.making(["A", "B"]))
      let isFound = flavour.blocksItself && tries[1].isEmpty && tries[3].isEmpty
      try expect(script, finds: (isFound ? ["lock-order-inversion feasible A B"] : []))
    }
  }

  @Test(arguments: Flavour.all)
  func `A second lock of a class that is tried for is no finding`(_ flavour: Flavour) throws {
    let script = Script(
      sections: [nest(flavour.use("x1"), flavour.use("x2", "try"))],
      preamble: flavour.making(["x1", "x2"], lockClass: "X"))
    #expect(try script.verdicts().isEmpty)
  }

  @Test(arguments: ["", "interruptible", "killable", "timeout"], Flavour.all)
  func `A wait that could end early makes the order all the same, and so does one that did`(
    _ option: String, _ flavour: Flavour
  ) throws {
    let expected = flavour.blocksItself ? ["lock-order-inversion feasible A B"] : []
    let preamble = flavour.making(["A", "B"])
    let inner = flavour.use("B", option)
    let other = nest(flavour.use("B"), flavour.use("A"))
    let got = Script(sections: [nest(flavour.use("A"), inner), other], preamble: preamble)
    #expect(try got.verdicts() == expected)
    let ended = [
      flavour.use("A").acquire, inner.acquire.replacing("acquire", with: "request"),
      "abandon B reason=interrupted", "release A",
    ]
    let abandoned = Script(sections: [ended, other], preamble: preamble)
    #expect(try abandoned.verdicts() == expected)
  }
}
