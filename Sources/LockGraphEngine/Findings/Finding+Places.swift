// What a finding is known by where the classes of its locks are not all stated: rule, kinds and,
// step by step, places [semantics 26].

extension Finding {
  /// The fingerprint of its places; `nil` where classes are its identity, because all are stated,
  /// or the locks are, because nothing is known of places.
  ///
  /// - Parameter tellingLocks: tell findings of different locks apart, as it is before they are
  ///   folded.
  func placeFingerprint(tellingLocks: Bool) -> Fingerprint? {
    var known = KnownSides()
    return placeFingerprint(tellingLocks: tellingLocks, &known)
  }

  /// - Parameter known: the sides of findings before it, as told with or without locks.
  func placeFingerprint(tellingLocks: Bool, _ known: inout KnownSides) -> Fingerprint? {
    let locks = identityLocks
    guard rule != .stillWaiting, locks.contains(where: { $0.classOrigin != .stated }),
      locks.contains(where: { $0.classOrigin.isDerived || !$0.frames.isEmpty })
    else { return nil }
    let steps = PlaceSteps(tellsLocks: tellingLocks)
    var fingerprint = Fingerprint()
    for part in ["places", rule.rawValue, variant?.rawValue ?? "", context?.name ?? ""] {
      fingerprint.add(part)
    }
    if waiters.isEmpty {
      let sides = edges.map { known.side(of: $0, steps) }
      if rule == .contextOrderInversion {
        for part in sides.flatMap(\.parts) { fingerprint.add(part) }
      } else {
        fingerprint.add(leastCircle: sides)
      }
    } else {
      fingerprint.add(
        leastCircle: waiters.map { PlaceSide(parts: steps.parts(of: $0, edge(of: $0))) })
    }
    for event in events { for part in steps.parts(of: event) { fingerprint.add(part) } }
    return fingerprint
  }

  /// The same finding, told apart from those of other locks by its fingerprint.
  func tellingLocks() -> Finding {
    guard let fingerprint = placeFingerprint(tellingLocks: true) else { return self }
    var finding = self
    finding.fingerprint = fingerprint.text
    finding.lineFreeFingerprint = fingerprint.lineFreeText
    return finding
  }

  /// Those that decide whether it is folded.
  private var identityLocks: [WitnessedLock] {
    edges.flatMap { [$0.witnesses[0].held, $0.witnesses[0].wanted] }
      + waiters.compactMap(\.wanted) + events.compactMap(\.lock)
  }

  /// The dependency that a waiter's thread has established by its wait.
  private func edge(of waiter: Waiter) -> FindingEdge? {
    edges.first {
      $0.witnesses[0].thread == waiter.thread && $0.witnesses[0].line == waiter.line
    }
  }
}

extension WitnessedLock {
  fileprivate var frames: [String] { PlaceFrames.texts(at: at, stack: stack) }
}

/// One side of a circle: its parts, and the same without lines and addresses.
struct PlaceSide {
  var parts: [String]
  var lineFree: [String]

  init(parts: [String]) {
    self.parts = parts
    lineFree = parts.map(LineFreeName.text)
  }
}

/// The sides of findings, of which many share their dependencies.
struct KnownSides {
  /// The witnesses of a dependency, by where they stand in their inputs.
  private struct Key: Hashable {
    var classes: [String]
    var kind: String
    var lines: [UInt64]
    var inputs: Set<String>
  }

  private var sides: [Key: PlaceSide] = [:]

  fileprivate mutating func side(of edge: FindingEdge, _ steps: PlaceSteps) -> PlaceSide {
    let key = Key(
      classes: [edge.from, edge.to], kind: edge.decidingKind.names[0],
      lines: edge.witnesses.flatMap { [$0.held.line, $0.wanted.line] },
      inputs: Set(edge.witnesses.lazy.map(\.input)))
    if let known = sides[key] { return known }
    let side = PlaceSide(parts: steps.parts(of: edge))
    sides[key] = side
    return side
  }
}

/// The steps of a finding as parts of its fingerprint.
private struct PlaceSteps {
  var tellsLocks: Bool

  /// A dependency: its kind, and where it was established. Of places that differ all count.
  func parts(of edge: FindingEdge) -> [String] {
    // Most of many witnesses are at one place.
    var seen: Set<[String?]> = []
    let places = edge.witnesses.filter { seen.insert(texts(of: $0)).inserted }
      .map { place($0.held) + ["->"] + place($0.wanted) }
    let first = edge.witnesses[0]
    let isOneLock = first.held.lock == first.wanted.lock
    return [edge.decidingKind.names[0], isOneLock ? "one lock" : ""]
      + Set(places).sorted { $0.lexicographicallyPrecedes($1) }.joined()
  }

  private func texts(of witness: Witness) -> [String?] {
    [witness.held, witness.wanted].flatMap { lock -> [String?] in
      // Without places locks are told apart by their names.
      [lock.place == nil ? lock.lock : nil, lock.at]
        + lock.stack.prefix(PlaceFrames.depth).map(Optional.some)
    }
  }

  func parts(of waiter: Finding.Waiter, _ edge: FindingEdge?) -> [String] {
    var parts = [waiter.wanted?.mode.name ?? "join", waiter.hasHolderEnded ? "ended" : ""]
    if let wanted = waiter.wanted {
      parts += place(wanted)
    } else {
      parts += PlaceFrames.texts(at: waiter.at, stack: waiter.stack)
    }
    return parts + ["held"] + (edge.map { place($0.witnesses[0].held) } ?? [])
  }

  func parts(of event: FindingEvent) -> [String] {
    let lock = event.lock.map { [$0.mode.name] + place($0) } ?? []
    return [event.role.rawValue] + lock + PlaceFrames.texts(at: event.at, stack: event.stack)
  }

  /// A lock where it is taken: its class where that is stated, else its nesting level; the frames,
  /// and the lock itself where none are known.
  private func place(_ lock: WitnessedLock) -> [String] {
    let frames = PlaceFrames.texts(at: lock.at, stack: lock.stack)
    let isStated = lock.classOrigin == .stated
    var parts = [isStated ? "class \(lock.lockClass)" : lock.lockClass.nestingLevel] + frames
    if tellsLocks {
      parts.append("lock \(lock.lock)")
    } else if frames.isEmpty, !isStated {
      parts.append("lock \(lock.lock.withoutAddress)")
    }
    return parts
  }
}

extension String {
  /// A name that ends with where the lock is in memory, `CLASS <0x69ec1aa10>`, without that: it is
  /// another one in every run.
  fileprivate var withoutAddress: String {
    guard hasSuffix(">"), let open = utf8.lastIndex(of: UInt8(ascii: "<")), open > startIndex,
      self[open...].hasPrefix("<0x")
    else { return self }
    let digits = self[index(open, offsetBy: 3)...].dropLast()
    return digits.allSatisfy(\.isHexDigit) ? String(self[..<open]) : self
  }

  /// `/N` at the end of the name of a nesting level, else nothing.
  fileprivate var nestingLevel: String {
    let bytes = utf8
    guard let last = bytes.last, (UInt8(ascii: "1")...UInt8(ascii: "7")).contains(last),
      bytes.dropLast().last == UInt8(ascii: "/")
    else { return "" }
    return String(suffix(2))
  }
}

extension Fingerprint {
  /// Adds the sides of a circle, entered where their parts are least.
  fileprivate mutating func add(leastCircle sides: [PlaceSide]) {
    guard !sides.isEmpty else { return }
    let start = leastRotation(of: sides.count, { sides[$0].parts }) { one, other in
      one.lexicographicallyPrecedes(other) { $0.utf8.lexicographicallyPrecedes($1.utf8) }
    }
    let circle = sides[start...] + sides[..<start]
    add(circle: circle.map(\.parts), lineFree: circle.map(\.lineFree))
  }
}
