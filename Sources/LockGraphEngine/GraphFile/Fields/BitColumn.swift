/// What takes a few bits of a byte.
protocol BitColumn {
  static var width: UInt8 { get }
  /// `nil` if they mean nothing.
  init?(bits: UInt8)
  var bits: UInt8 { get }
}

extension Bool: BitColumn {
  static var width: UInt8 { 1 }
  init?(bits: UInt8) { self = bits == 1 }
  var bits: UInt8 { self ? 1 : 0 }
}

extension BitColumn where Self: RawRepresentable<UInt8> {
  init?(bits: UInt8) { self.init(rawValue: bits) }
  var bits: UInt8 { rawValue }
}

extension LockMode: BitColumn {
  static var width: UInt8 { 2 }
}

extension LockKind: BitColumn {
  static var width: UInt8 { 5 }
}

/// How sure a finding is, the surest first; then, of those that do not say so, how bad it is.
struct FindingRank: BitColumn {
  static var width: UInt8 { 3 }
  let bits: UInt8

  init(bits: UInt8) { self.bits = bits }

  init(_ finding: Finding) {
    bits = UInt8(
      finding.confidence.flatMap { Confidence.allCases.firstIndex(of: $0) }
        ?? Confidence.allCases.count + finding.severity.rank)
  }
}

extension ClassOrigin: BitColumn {
  static var width: UInt8 { 2 }
  init?(bits: UInt8) { self = Self.allCases[Int(bits)] }
  var bits: UInt8 { UInt8(Self.allCases.firstIndex(of: self)!) }
}

extension DependencyKinds: BitColumn {
  static var width: UInt8 { 4 }
}

extension LockOrderGraph.Basis: BitColumn {
  static var width: UInt8 { 2 }
}

extension AcquisitionOptions: BitColumn {
  static var width: UInt8 { 8 }
}

extension InterruptContext: BitColumn {
  static var width: UInt8 { 2 }
}

extension BitColumn {
  static var bitCount: String { width == 1 ? "1 bit" : "\(width) bits" }
}
