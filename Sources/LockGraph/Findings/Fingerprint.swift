/// A finding's identity across runs: 64 bits of FNV-1a over rule, classes and kinds, as sixteen hex digits
/// [semantics 24]. `Hasher` is seeded per process and would not do.
struct Fingerprint {
  private var hash: UInt64 = 0xCBF2_9CE4_8422_2325

  init() {}

  init(rule: Rule) { add(rule.rawValue) }

  /// Adds a part; parts are separated, so that `a`, `bc` is not `ab`, `c`.
  mutating func add(_ part: String) {
    for byte in part.utf8 { add(byte) }
    add(0xFF)
  }

  private mutating func add(_ byte: UInt8) {
    hash = (hash ^ UInt64(byte)) &* 0x100_0000_01B3
  }

  var text: String {
    let digits = String(hash, radix: 16)
    return String(repeating: "0", count: 16 - digits.count) + digits
  }
}

extension Fingerprint {
  /// That of a lock-order inversion, from the edges of its cycle beginning with the least class.
  static func inversion(_ edges: [FindingEdge]) -> Fingerprint {
    var fingerprint = Fingerprint(rule: .lockOrderInversion)
    for edge in edges {
      fingerprint.add(edge.from)
      fingerprint.add(edge.decidingKind.names[0])
    }
    return fingerprint
  }
}
