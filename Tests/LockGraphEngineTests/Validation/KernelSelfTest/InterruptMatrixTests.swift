import LockGraphEngine
import TestSupport
import Testing

/// Who can interrupt whom, holding and asking for what: the state rules of the design document,
/// exhaustively.
@Suite struct InterruptMatrixTests {
  /// Ways to hold a lock where the context can come, or not.
  private static func held(
    _ use: Use, _ context: InterruptContext
  ) -> [(events: [String], isExposed: Bool)] {
    let (mask, unmask) = ("disable \(context.name)", "enable \(context.name)")
    return [
      (nest(use), true), ([mask] + nest(use) + [unmask], false),
      ([mask, use.acquire, unmask, use.release], true),
      ([use.acquire, mask, use.release, unmask], true),
      ([mask, unmask] + nest(use), true),
      (
        [use.acquire.replacing("acquire", with: "request"), "abandon A reason=timeout"], false
      ),
    ]
  }

  @Test(arguments: InterruptContext.maskable)
  func `A lock used in an interrupt and held where it can come, in every mode and order`(
    _ context: InterruptContext
  ) throws {
    for used in LockMode.ofKernel {
      for (mode, tried) in sequences(of: LockMode.ofKernel, length: 1).flatMap({
        [($0[0], ""), ($0[0], "try")]
      }) {
        for (events, isExposed) in Self.held(Use("A", mode, tried), context) {
          let isFound = isExposed && BlockMatrix.blocks(mode, used)
          let interrupt = inside(context, nest(Use("A", used)))
          for sections in [[interrupt, events], [events, interrupt]] {
            #expect(
              try Script(sections: sections).verdicts() == (isFound ? ["context-inversion A"] : []),
              "\(used) \(mode) \(tried) \(events)")
          }
        }
      }
    }
  }

  @Test(arguments: InterruptContext.maskable)
  func `Two locks under each other and an interrupt, in every mode`(
    _ context: InterruptContext
  ) throws {
    try withEvery("modes", in: sequences(of: LockMode.ofKernel, length: 4)) { modes in
      // The interrupt asks for A; B is asked for under A; B is held where the interrupt can come.
      let (used, under, asked, exposed) = (modes[0], modes[1], modes[2], modes[3])
      let isFound = BlockMatrix.isDeadlock([(exposed, used), (under, asked)])
      let sections = [
        inside(context, nest(Use("A", used))),
        masking(context, nest(Use("A", under), Use("B", asked))), nest(Use("B", exposed)),
      ]
      for order in [[0, 1, 2], [2, 1, 0], [1, 0, 2]] {
        try expect(
          Script(sections: order.map { sections[$0] }),
          finds: (isFound ? ["context-order-inversion A B"] : []))
      }
    }
  }

  @Test func `Three locks under each other and an interrupt, in every mode`() throws {
    try withEvery("modes", in: sequences(of: LockMode.ofKernel, length: 6)) { modes in
      let isFound = BlockMatrix.isDeadlock([
        (modes[5], modes[0]), (modes[1], modes[2]), (modes[3], modes[4]),
      ])
      let script = Script(sections: [
        nest(Use("C", modes[5])),
        masking(.hardirq, nest(Use("A", modes[1]), Use("B", modes[2]))),
        inside(.hardirq, nest(Use("A", modes[0]))),
        masking(.hardirq, nest(Use("B", modes[3]), Use("C", modes[4]))),
      ])
      try expect(script, finds: (isFound ? ["context-order-inversion A B C"] : []))
    }
  }

  /// Rows are what the code that holds the lock runs in, columns what comes: signal, softirq,
  /// hardirq, nmi.
  @Test(
    arguments: [
      ([], "YYYY"), ([.signal], "NYYY"), ([.softirq], "NNYY"), ([.hardirq], "NNNY"),
      ([.softirq, .hardirq], "NNNY"), ([.nmi], "NNNN"), ([.hardirq, .nmi], "NNNN"),
    ] as [([InterruptContext], String)])
  func `An interrupt comes only over what it can interrupt`(
    _ frames: [InterruptContext], _ row: String
  ) throws {
    for (context, cell) in zip([.signal, .softirq, .hardirq, .nmi] as [InterruptContext], row) {
      // The holder tries, so that it is no use of the lock inside its own context.
      var holder = nest(Use("A", .write, "try"))
      for frame in frames.reversed() { holder = inside(frame, holder) }
      let script = Script(sections: [holder, inside(context, nest(Use("A")))])
      #expect(
        try script.verdicts() == (cell == "Y" ? ["context-inversion A"] : []), "\(context)")
    }
  }

  /// Masks are counted for softirqs and are a flag for the others; masked hardirqs keep softirqs
  /// away.
  @Test(arguments: [
    ([], "YYY"), (["disable hardirq"], "NNY"), (["disable softirq"], "YNY"),
    (["disable signal"], "YYN"),
    (["disable hardirq", "disable hardirq", "enable hardirq"], "YYY"),
    (["disable signal", "disable signal", "enable signal"], "YYY"),
    (["disable softirq", "disable softirq", "enable softirq"], "YNY"),
    (["disable softirq", "disable softirq", "enable softirq", "enable softirq"], "YYY"),
    (["disable softirq", "disable hardirq", "enable hardirq"], "YNY"),
    (["disable softirq", "disable hardirq", "enable softirq"], "NNY"),
    (["disable hardirq", "enter nmi", "leave nmi"], "NNY"),
    (["enter hardirq", "leave hardirq"], "YYY"),
    (["enter softirq", "disable hardirq", "leave softirq"], "YYY"),
    (["disable softirq", "enter hardirq", "leave hardirq"], "YNY"),
  ])
  func `What is masked decides what can come`(_ before: [String], _ row: String) throws {
    for (context, cell) in zip(InterruptContext.maskable, row) {
      let script = Script(sections: [
        before + ["acquire A"], inside(context, nest(Use("A"))),
      ])
      #expect(
        try script.verdicts() == (cell == "Y" ? ["context-inversion A"] : []),
        "\(context) after \(before)")
    }
  }

  @Test(arguments: InterruptContext.maskable)
  func `A mask that an interrupt takes off again is back where the interrupted code goes on`(
    _ context: InterruptContext
  ) throws {
    let script = Script(sections: [
      ["disable \(context.name)", "acquire A", "enter hardirq", "leave hardirq", "acquire B"],
      inside(context, nest(Use("A"))), inside(context, nest(Use("B"))),
    ])
    #expect(try script.verdicts().isEmpty)
  }

  @Test func `Unmasking exposes everything that is held, and only when the last mask is off`()
    throws
  {
    let interrupts = ["A", "B", "C"].map { inside(.softirq, nest(Use($0))) }
    let before = [
      "disable hardirq", "acquire A", "disable softirq", "acquire B read", "enable hardirq",
      "acquire C try",
    ]
    for (events, exposed) in [(before, []), (before + ["enable softirq"], ["A", "B", "C"])] {
      let found = try Script(sections: interrupts + [events]).verdicts()
      #expect(
        found.filter { $0.hasPrefix("context-inversion") }
          == exposed.map { "context-inversion \($0)" })
    }
  }

  @Test func `A writer that becomes a reader is exposed as one from then on`() throws {
    for used in LockMode.ofKernel {
      let script = Script(sections: [
        ["disable hardirq", "acquire A", "downgrade A", "enable hardirq", "release A"],
        inside(.hardirq, nest(Use("A", used))),
      ])
      #expect(try script.verdicts().isEmpty == !BlockMatrix.blocks(.read, used))
    }
  }

  /// Nothing masks it, so a use outside is exposed whatever is masked.
  @Test func `A lock used in an nmi and outside is a finding unless the inner use tries`() throws {
    for inner in LockMode.ofKernel {
      for outer in LockMode.ofKernel {
        for (tries, mask) in sequences(of: ["", "try"], length: 2).flatMap({ tries in
          ([nil, .hardirq, .softirq] as [InterruptContext?]).map { (tries, $0) }
        }) {
          let nmi = inside(.nmi, nest(Use("A", inner, tries[0])))
          let use = nest(Use("A", outer, tries[1]))
          let outside = mask.map { masking($0, use) } ?? use
          let isFound = tries[0].isEmpty && BlockMatrix.blocks(outer, inner)
          for sections in [[nmi, outside], [outside, nmi]] {
            #expect(
              try Script(sections: sections).verdicts() == (isFound ? ["context-inversion A"] : []),
              "\(inner) \(outer) \(tries)")
          }
        }
      }
    }
  }

  @Test func `A lock used in nmis alone is no finding`() throws {
    let nmi = inside(.nmi, nest(Use("A"), Use("B")))
    #expect(try Script(sections: [nmi, nmi, inside(.hardirq, nmi)]).verdicts().isEmpty)
  }

  @Test func `Asking is a use and a hold is exposed, so an abandoned request is one of the two`()
    throws
  {
    let asked = ["request A", "abandon A reason=timeout"]
    for (used, held, isFound) in [(asked, nest(Use("A")), true), (nest(Use("A")), asked, false)] {
      try expect(
        Script(sections: [inside(.softirq, used), held]),
        finds: isFound ? ["context-inversion A"] : [])
    }
  }

  /// A local lock belongs to its processor: it is nobody else's to wait for, but its own owner's.
  @Test func `Local locks end no path and lie on none, and are judged alone like others`() throws {
    for local in ["A", "B", "C", ""] {
      let script = Script(
        sections: [
          inside(.hardirq, nest(Use("A"))), masking(.hardirq, nest(Use("A"), Use("B"))),
          masking(.hardirq, nest(Use("B"), Use("C"))), nest(Use("C")),
        ], preamble: local.isEmpty ? [] : ["init \(local) kind=local"])
      try expect(script, finds: local.isEmpty ? ["context-order-inversion A B C"] : [])
      let alone = Script(
        sections: [inside(.hardirq, nest(Use("A"))), nest(Use("A"))],
        preamble: local.isEmpty ? [] : ["init \(local) kind=local"])
      try expect(alone, finds: ["context-inversion A"])
    }
  }

  @Test(arguments: ["unchecked", "kind=rcu", "kind=rcu-sched"])
  func `What is outside the order is neither used nor exposed`(_ option: String) throws {
    for mode in LockMode.ofKernel {
      try expect(
        Script(sections: [
          inside(.softirq, nest(Use("A", mode, option))), nest(Use("A", mode, option)),
        ]), finds: [])
    }
  }

  @Test func `Orders made in different contexts are one graph`() throws {
    for first in InterruptContext.allCases {
      for second in InterruptContext.allCases {
        let script = Script(sections: [
          inside(first, nest(Use("A"), Use("B"))), inside(second, nest(Use("B"), Use("A"))),
        ])
        let found = try script.verdicts()
        #expect(found.contains("lock-order-inversion feasible A B"), "\(first) \(second)")
      }
    }
  }

  /// What a hardirq takes, a signal handler that it interrupts does not: masked hardirqs protect
  /// it.
  @Test func `A lock that an inner interrupt takes is not used in the outer one`() throws {
    for outer in [InterruptContext.signal, .softirq] {
      for inner in [InterruptContext.softirq, .hardirq] where inner != outer {
        let script = Script(sections: [
          inside(outer, inside(inner, nest(Use("A")))), masking(inner, nest(Use("A"))),
        ])
        try expect(script, finds: [], "\(outer) \(inner)")
      }
    }
  }

  @Test func `What interrupts hold and what they interrupt make no order among them`() throws {
    for context in InterruptContext.allCases {
      let over = ["acquire A"] + inside(context, nest(Use("B"))) + ["release A"]
      let script = Script(sections: [
        over, ["acquire B try", "acquire A", "release A", "release B"],
      ])
      #expect(try !script.verdicts().contains { $0.hasPrefix("lock-order") }, "\(context)")
    }
  }
}
