/// A finding's identity across runs: 64 bits of FNV-1a over rule, classes and kinds, as sixteen hex
/// digits [semantics 24]. `Hasher` is seeded per process and would not do.
///
/// A second one is made of the same parts without the lines and addresses that are in names of
/// classes, for findings that moved.
struct Fingerprint {
  private var hash: UInt64 = 0xCBF2_9CE4_8422_2325
  private var lineFreeHash: UInt64 = 0xCBF2_9CE4_8422_2325

  init() {}

  /// - Parameter rule: what was violated. A recursive acquisition was an inversion of one class
  ///   before it had a rule of its own, and is known as that.
  init(rule: Rule) {
    add((rule == .recursiveAcquisition ? .lockOrderInversion : rule).rawValue)
  }

  /// Adds a part; parts are separated, so that `a`, `bc` is not `ab`, `c`.
  mutating func add(_ part: String) {
    Self.add(part, to: &hash)
    Self.add(LineFreeName.text(of: part), to: &lineFreeHash)
  }

  /// Adds the sides of a circle, which the caller enters at a place that their names decide. Names
  /// without lines decide otherwise, so the second fingerprint enters it at a place of its own.
  mutating func add(circle sides: [[String]]) {
    add(circle: sides, lineFree: sides.map { $0.map(LineFreeName.text) })
  }

  /// - Parameter lineFree: the same sides with names without lines and addresses.
  mutating func add(circle sides: [[String]], lineFree: [[String]]) {
    for part in sides.joined() { Self.add(part, to: &hash) }
    let start = leastRotation(of: lineFree.count, { lineFree[$0] }) { one, other in
      one.lexicographicallyPrecedes(other) { $0.utf8.lexicographicallyPrecedes($1.utf8) }
    }
    for part in (lineFree[start...] + lineFree[..<start]).joined() {
      Self.add(part, to: &lineFreeHash)
    }
  }

  private static func add(_ part: String, to hash: inout UInt64) {
    for byte in part.utf8 { hash = (hash ^ UInt64(byte)) &* 0x100_0000_01B3 }
    hash = (hash ^ 0xFF) &* 0x100_0000_01B3
  }

  var text: String { Self.digits(hash) }
  /// `nil` where the names have no lines and addresses.
  var lineFreeText: String? { lineFreeHash == hash ? nil : Self.digits(lineFreeHash) }

  private static func digits(_ hash: UInt64) -> String {
    let digits = String(hash, radix: 16)
    return String(repeating: "0", count: 16 - digits.count) + digits
  }
}
