import LockGraphEngine
import TestSupport
import Testing

/// Where what may be taken: the whole matrix of the kernel's wait-context tests, and the kinds it
/// leaves out.
@Suite struct WaitContextSelfTests {
  /// How much waiting: none at all, spinning, what sleeps on a real-time kernel only, sleeping.
  enum Level: Int, Comparable {
    case free, spin, config, sleep

    static func < (left: Level, right: Level) -> Bool { left.rawValue < right.rawValue }
  }

  /// What a kind asks of the place where it is taken, and what it leaves to what is taken inside
  /// it.
  struct Kind: CustomTestStringConvertible, Sendable {
    var name: String
    var asks: Level?
    var leaves: Level?
    var testDescription: String { name }
  }

  static let kinds =
    [
      "mutex", "rt-mutex", "rwsem", "ww-mutex", "semaphore", "recursive", "queue",
      "reentrant-rwlock",
    ]
    .map { Kind(name: $0, asks: .sleep, leaves: .sleep) }
    + ["spin", "rwlock", "local"].map { Kind(name: $0, asks: .config, leaves: .config) }
    + [
      Kind(name: "raw-spin", asks: .spin, leaves: .spin),
      Kind(name: "rcu", asks: .free, leaves: .config),
      Kind(name: "rcu-sched", asks: .free, leaves: .spin),
      Kind(name: "completion", asks: nil, leaves: nil), Kind(name: "", asks: nil, leaves: nil),
    ]

  /// A place with its limit.
  struct Place: CustomTestStringConvertible, Sendable {
    var name: String
    var enter: [String]
    var limit: Level?
    var testDescription: String { name }
  }

  static let contexts = [
    Place(name: "task", enter: [], limit: nil),
    Place(name: "hardirq", enter: ["enter hardirq"], limit: .config),
    Place(name: "unthreaded", enter: ["enter hardirq unthreaded"], limit: .spin),
    Place(name: "softirq", enter: ["enter softirq"], limit: .config),
    Place(name: "signal", enter: ["enter signal"], limit: .config),
  ]

  private static func isAllowed(_ kind: Kind, under limits: [Level?]) -> Bool {
    guard let asks = kind.asks else { return true }
    return limits.compactMap(\.self).allSatisfy { asks <= $0 }
  }

  private static func acquire(_ lock: String, _ kind: Kind, _ options: String = "") -> String {
    "acquire \(lock)" + (kind.name.isEmpty ? "" : " kind=\(kind.name)") + options
  }

  private static func verdicts(_ events: [String]) throws -> [String] {
    try Script(sections: [events]).verdicts()
  }

  /// The kernel's table: what is inside what, with the kinds in the order RCU, raw spin, spin,
  /// mutex.
  @Test(arguments: [
    ("enter hardirq", "ooox"), ("enter hardirq unthreaded", "ooxx"), ("enter softirq", "ooox"),
    ("acquire H kind=rcu", "ooox"), ("acquire H kind=rcu-sched", "ooxx"),
    ("acquire H kind=raw-spin", "ooxx"), ("acquire H kind=spin", "ooox"),
    ("acquire H kind=mutex", "oooo"),
  ])
  func `The kernel's matrix`(_ outer: String, _ row: String) throws {
    for (kind, cell) in zip(["rcu", "raw-spin", "spin", "mutex"], row) {
      let verdicts = try Self.verdicts([outer, "acquire L kind=\(kind)"])
      let classes = outer.hasPrefix("enter") ? "L" : "L H"
      #expect(verdicts == (cell == "x" ? ["invalid-wait-context \(classes)"] : []), "\(kind)")
    }
  }

  @Test(arguments: contexts, kinds)
  func `Every kind in every context, alone and with every kind held there`(
    _ place: Place, _ inner: Kind
  ) throws {
    let inContext = Self.isAllowed(inner, under: [place.limit])
    #expect(
      try Self.verdicts(place.enter + [Self.acquire("L", inner)])
        == (inContext ? [] : ["invalid-wait-context L"]))
    for held in Self.kinds {
      // The held one tries, so that it is itself no finding.
      let isAllowed = Self.isAllowed(inner, under: [place.limit, held.leaves])
      let events = place.enter + [Self.acquire("H", held, " try"), Self.acquire("L", inner)]
      #expect(try Self.verdicts(events).isEmpty == isAllowed, "\(held)")
      let asRequest =
        events.dropLast() + [
          events.last!.replacing("acquire", with: "request"), "acquire L",
        ]
      let findings = try analyze(Script(sections: [Array(asRequest)]).text).findings
      #expect(findings.isEmpty == isAllowed)
      #expect(findings.allSatisfy { $0.occurrences == 1 })
    }
  }

  @Test(arguments: contexts, kinds)
  func `What interrupted code holds does not limit the interrupt, and does again after it`(
    _ place: Place, _ inner: Kind
  ) throws {
    guard let context = place.enter.first?.split(separator: " ")[1] else { return }
    for held in Self.kinds {
      let before = [Self.acquire("H", held)] + place.enter
      let isAllowed = Self.isAllowed(inner, under: [place.limit])
      #expect(
        try Self.verdicts(before + [Self.acquire("L", inner)]).isEmpty == isAllowed, "\(held)")
      let after = before + ["leave \(context)", Self.acquire("L", inner)]
      #expect(
        try Self.verdicts(after).isEmpty == Self.isAllowed(inner, under: [held.leaves]), "\(held)")
    }
  }

  @Test func `The least of everything held limits, wherever it stands in the stack`() throws {
    for first in Self.kinds {
      for second in Self.kinds {
        for inner in Self.kinds {
          let isAllowed = Self.isAllowed(inner, under: [first.leaves, second.leaves])
          let events = [
            Self.acquire("F", first, " try"), Self.acquire("S", second, " try"),
            Self.acquire("L", inner),
          ]
          #expect(
            try Self.verdicts(events).isEmpty == isAllowed, "\(first) \(second) \(inner)")
        }
      }
    }
  }

  @Test func `A limit is gone once its lock is released`() throws {
    for held in Self.kinds {
      for inner in Self.kinds {
        let events = ["acquire O kind=mutex", Self.acquire("H", held), "release H"]
        #expect(try Self.verdicts(events + [Self.acquire("L", inner)]).isEmpty)
      }
    }
  }

  @Test(arguments: contexts)
  func `A try asks nothing of its place, reading asks as much as writing`(_ place: Place) throws {
    for kind in Self.kinds {
      #expect(try Self.verdicts(place.enter + [Self.acquire("L", kind, " try")]).isEmpty)
      for mode in LockMode.ofKernel {
        #expect(
          try Self.verdicts(place.enter + [Self.acquire("L", kind, " \(mode.name)")]).isEmpty
            == Self.isAllowed(kind, under: [place.limit]), "\(kind) \(mode)")
      }
    }
  }

  @Test(arguments: contexts)
  func `A point that may sleep asks as much as a sleeping lock`(_ place: Place) throws {
    let sleep = Kind(name: "sleep", asks: .sleep)
    #expect(
      try Self.verdicts(place.enter + ["sleep"]).isEmpty
        == Self.isAllowed(sleep, under: [place.limit]))
    for held in Self.kinds {
      #expect(
        try Self.verdicts(place.enter + [Self.acquire("H", held, " try"), "sleep"]).isEmpty
          == Self.isAllowed(sleep, under: [place.limit, held.leaves]), "\(held)")
    }
  }

  @Test(arguments: kinds)
  func `Locks outside the order are checked too`(_ inner: Kind) throws {
    let isAllowed = Self.isAllowed(inner, under: [.config])
    #expect(
      try Self.verdicts(["acquire H kind=spin unchecked", Self.acquire("L", inner)]).isEmpty
        == isAllowed)
    #expect(
      try Self.verdicts(["acquire H kind=spin", Self.acquire("L", inner, " unchecked")]).isEmpty
        == isAllowed)
  }
}
