/// The kinds a dependency was seen with: how the one lock was held and the other asked for.
///
/// The held side is exclusive (E) or shared (S), the new side non-recursive (N) or recursive read
/// (R); the notation of the kernel's lockdep. Upgradable is shared, and non-recursive.
public struct DependencyKinds: OptionSet, Sendable, Hashable {
  /// One bit a kind.
  public let rawValue: UInt8
  /// The kinds of a set of bits.
  @inlinable public init(rawValue: UInt8) { self.rawValue = rawValue }

  /// Held exclusively, asked for as writer or non-recursive reader.
  @inlinable public static var en: DependencyKinds { DependencyKinds(rawValue: 1 << 0) }
  /// Held exclusively, asked for as recursive reader.
  @inlinable public static var er: DependencyKinds { DependencyKinds(rawValue: 1 << 1) }
  /// Held shared, asked for as writer or non-recursive reader.
  @inlinable public static var sn: DependencyKinds { DependencyKinds(rawValue: 1 << 2) }
  /// Held shared, asked for as recursive reader.
  @inlinable public static var sr: DependencyKinds { DependencyKinds(rawValue: 1 << 3) }

  /// Kinds that start with an exclusive hold.
  @inlinable public static var startingExclusive: DependencyKinds { [.en, .er] }
  /// Kinds that end in a non-recursive request.
  @inlinable public static var endingNonRecursive: DependencyKinds { [.en, .sn] }

  /// The kind of one dependency.
  @inlinable public init(held: LockMode, wanted: LockMode) {
    switch (held.isExclusive, wanted == .recursiveRead) {
    case (true, false): self = .en
    case (true, true): self = .er
    case (false, false): self = .sn
    case (false, true): self = .sr
    }
  }

  /// The kinds' two-letter names, in the fixed order EN, ER, SN, SR.
  public var names: [String] {
    var names: [String] = []
    if contains(.en) { names.append("EN") }
    if contains(.er) { names.append("ER") }
    if contains(.sn) { names.append("SN") }
    if contains(.sr) { names.append("SR") }
    return names
  }
}

extension DependencyKinds {
  /// The four kinds, the strongest first.
  package static let all: [DependencyKinds] = [.en, .sn, .er, .sr]

  /// Whether a path stays strong when this kind is followed by another: not R then S.
  @inlinable package func mayPrecede(_ next: DependencyKinds) -> Bool {
    !isDisjoint(with: .endingNonRecursive) || !next.isDisjoint(with: .startingExclusive)
  }
}
