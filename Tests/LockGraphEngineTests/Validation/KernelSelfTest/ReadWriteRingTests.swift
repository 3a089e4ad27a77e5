import LockGraphEngine
import TestSupport
import Testing

/// Rings of readers and writers: every combination of ways to hold and to ask.
@Suite struct ReadWriteRingTests {
  /// Section `n` holds lock `n` and asks for the next one.
  private static func script(_ modes: [LockMode], order: [Int]? = nil) -> Script {
    let names = ["A", "B", "C", "D"]
    let count = modes.count / 2
    let sections = (0..<count).map { number in
      nest(
        Use(names[number], modes[2 * number]),
        Use(names[(number + 1) % count], modes[2 * number + 1]))
    }
    return Script(
      sections: (order ?? Array(0..<count)).map { sections[$0] },
      preamble: Flavour(.rwlock).making(names.prefix(count)))
  }

  private static func isDeadlock(_ modes: [LockMode]) -> Bool {
    BlockMatrix.isDeadlock(
      stride(from: 0, to: modes.count, by: 2).map { (modes[$0], modes[$0 + 1]) })
  }

  @Test func `Two locks in both orders, held and asked for in every way`() throws {
    try withEvery("modes", in: sequences(of: LockMode.ofKernel, length: 4)) { modes in
      let expected = Self.isDeadlock(modes) ? ["lock-order-inversion feasible A B"] : []
      for order in [[0, 1], [1, 0]] {
        try expect(Self.script(modes, order: order), finds: expected)
      }
    }
  }

  @Test func `Three locks in a ring, held and asked for in every way`() throws {
    var deadlocks = 0
    try withEvery("modes", in: sequences(of: LockMode.ofKernel, length: 6)) { modes in
      let isDeadlock = Self.isDeadlock(modes)
      if isDeadlock { deadlocks += 1 }
      let expected = isDeadlock ? ["lock-order-inversion feasible A B C"] : []
      for order in [[0, 1, 2], [2, 0, 1]] {
        try expect(Self.script(modes, order: order), finds: expected)
      }
    }
    // Of the nine pairs at each lock, seven block.
    #expect(deadlocks == 7 * 7 * 7)
  }

  @Test func `Four locks in a ring of writers and recursive readers`() throws {
    try withEvery("modes", in: sequences(of: [LockMode.write, .recursiveRead], length: 8)) {
      let expected = Self.isDeadlock($0) ? ["lock-order-inversion feasible A B C D"] : []
      try expect(Self.script($0), finds: expected)
    }
  }

  /// The kernel's three-lock tests, with what it documents of each: `W1R2` writes lock 1 and then
  /// reads lock 2.
  @Test(arguments: [
    ("WR WR WR", true), ("WW RR WR", true), ("WW RR RW", false), ("WR RR WW", false),
  ])
  func `The kernel's rings of three with recursive readers`(_ ring: String, isFound: Bool) throws {
    let modes = ring.filter { $0 != " " }.map { $0 == "W" ? LockMode.write : .recursiveRead }
    #expect(Self.isDeadlock(modes) == isFound)
    try withEvery("order", in: permutations(of: [0, 1, 2])) { order in
      try expect(
        Self.script(modes, order: order),
        finds: (isFound ? ["lock-order-inversion feasible A B C"] : []))
    }
  }

  /// Column one is a spinning lock whose readers are recursive, column two a sleeping one whose are
  /// not.
  @Test(arguments: [
    (held: LockMode.recursiveRead, asked: LockMode.write, rwlock: true, rwsem: true),
    (.recursiveRead, .recursiveRead, false, true), (.write, .write, true, true),
    (.write, .recursiveRead, true, true),
  ])
  func `The kernel's mixed inversions of a reader-writer lock and a plain one`(
    _ row: (held: LockMode, asked: LockMode, rwlock: Bool, rwsem: Bool)
  ) throws {
    for (kind, plain, isFound) in [
      (LockKind.rwlock, LockKind.spin, row.rwlock), (.rwsem, .mutex, row.rwsem),
    ] {
      let reader = kind == .rwlock ? LockMode.recursiveRead : .read
      let (held, asked) = (
        row.held == .write ? .write : reader, row.asked == .write ? .write : reader
      )
      #expect(BlockMatrix.blocks(held, asked) == isFound)
      let script = Script(
        sections: [nest(Use("X", held), Use("Y")), nest(Use("Y"), Use("X", asked))],
        preamble: ["init X kind=\(kind.name)", "init Y kind=\(plain.name)"])
      #expect(
        try script.verdicts() == (isFound ? ["lock-order-inversion feasible X Y"] : []),
        "\(kind)")
    }
  }

  @Test func `A chain of the same classes that was checked before hides no other way to ask`()
    throws
  {
    for (held, asked) in sequences(of: LockMode.ofKernel, length: 2).map({ ($0[0], $0[1]) }) {
      try withEvery("modes", in: sequences(of: LockMode.ofKernel, length: 4)) { modes in
        let isFound = [modes[0...1], modes[2...3]].contains {
          BlockMatrix.isDeadlock([(held, asked), ($0.first!, $0.last!)])
        }
        let script = Script(
          sections: [
            nest(Use("A", held), Use("B", asked)), nest(Use("B", modes[0]), Use("A", modes[1])),
            nest(Use("B", modes[2]), Use("A", modes[3])),
          ], preamble: Flavour(.rwlock).making(["A", "B"]))
        try expect(
          script, finds: (isFound ? ["lock-order-inversion feasible A B"] : []), "\(held) \(asked)")
      }
    }
  }

  @Test func `Both steps of a ring must be taken in one way that blocks, not each in some way`()
    throws
  {
    // B is asked for by a recursive reader or by a writer, and held shared: only the writer waits.
    let recursive = nest(Use("A"), Use("B", .recursiveRead))
    let exclusive = nest(Use("A"), Use("B"))
    let back = nest(Use("B", .read), Use("A"))
    for (sections, isFound) in [
      ([recursive, back], false), ([recursive, exclusive, back], true),
      ([exclusive, recursive, back], true), ([back, recursive, exclusive], true),
    ] {
      #expect(try Script(sections: sections).verdicts().isEmpty == !isFound)
    }
  }
}
