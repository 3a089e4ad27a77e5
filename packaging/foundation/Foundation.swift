// Their documentation is that of Foundation.
// swift-format-ignore-file: AllPublicDeclarationsHaveDocumentation

// What Yams names of Foundation that FoundationEssentials has not.
//
// Yams reads policies here with rules for nothing but text (`Resolver.basic`), and needs none of
// it; but who links Foundation links 44 MB, of tables of Unicode above all. So what is released is
// built with this module in the place of Foundation: what is ever called works, and the rest traps.

@_exported import FoundationEssentials

#if canImport(Musl)
  @_exported import Musl
#else
  @_exported import Glibc
#endif

private func missing(_ name: String = #function) -> Never {
  fatalError("\(name) of Foundation is not in this build")
}

public let NSNotFound = Int.max

public struct NSRange {
  public var location: Int
  public var length: Int

  public init(location: Int, length: Int) {
    self.location = location
    self.length = length
  }
}

public final class NSTextCheckingResult {
  public var range: NSRange { missing() }
  public var numberOfRanges: Int { missing() }
  public func range(at index: Int) -> NSRange { missing() }
}

public final class NSRegularExpression: Sendable {
  public struct Options: OptionSet, Sendable {
    public let rawValue: UInt
    public init(rawValue: UInt) { self.rawValue = rawValue }
  }

  public struct MatchingOptions: OptionSet, Sendable {
    public let rawValue: UInt
    public init(rawValue: UInt) { self.rawValue = rawValue }
  }

  public let pattern: String

  public init(pattern: String, options: Options) throws { self.pattern = pattern }

  public func firstMatch(
    in string: String, options: MatchingOptions, range: NSRange
  ) -> NSTextCheckingResult? { missing() }
}

// MARK: Characters

public struct CharacterSet: Sendable {
  private let isMember: @Sendable (Unicode.Scalar) -> Bool
  /// What it was made of, if it was made of characters.
  private let scalars: [Unicode.Scalar]

  private init(_ isMember: @escaping @Sendable (Unicode.Scalar) -> Bool) {
    self.isMember = isMember
    scalars = []
  }

  public init(charactersIn string: String) {
    let scalars = Array(string.unicodeScalars)
    isMember = { scalars.contains($0) }
    self.scalars = scalars
  }

  public static let lowercaseLetters = CharacterSet {
    $0.properties.generalCategory == .lowercaseLetter
  }
  public static let uppercaseLetters = CharacterSet {
    [.uppercaseLetter, .titlecaseLetter].contains($0.properties.generalCategory)
  }
  public static let decimalDigits = CharacterSet {
    $0.properties.generalCategory == .decimalNumber
  }
  public static let newlines = CharacterSet {
    (0x0A...0x0D).contains($0.value) || [0x85, 0x2028, 0x2029].contains($0.value)
  }

  public func union(_ other: CharacterSet) -> CharacterSet {
    let (one, other) = (isMember, other.isMember)
    return CharacterSet { one($0) || other($0) }
  }

  public func contains(_ scalar: Unicode.Scalar) -> Bool { isMember(scalar) }

  /// Of sets that were made of characters.
  public func isSuperset(of other: CharacterSet) -> Bool { other.scalars.allSatisfy(isMember) }
}

// MARK: Text

extension String {
  public func replacingOccurrences(of target: String, with replacement: String) -> String {
    missing()
  }

  public func trimmingCharacters(in set: CharacterSet) -> String { missing() }

  public func getLineStart(
    _ start: inout Index, end: inout Index, contentsEnd: inout Index, for range: Range<Index>
  ) {
    start = self[..<range.lowerBound].lastIndex(where: \.isNewline).map(index(after:)) ?? startIndex
    contentsEnd = self[range.upperBound...].firstIndex(where: \.isNewline) ?? endIndex
    end = contentsEnd < endIndex ? index(after: contentsEnd) : endIndex
  }

  public init(format: String, _ arguments: any CVarArg...) { missing() }
}

// Sendable because there is none of them: making one traps.
public final class DateFormatter: @unchecked Sendable {
  public init() { missing() }
  public var locale: Locale?
  public var dateFormat: String?
  public var timeZone: TimeZone?
  public func string(from date: Date) -> String { missing() }
}

public final class NumberFormatter: @unchecked Sendable {
  public enum Style: Sendable { case scientific }

  public init() { missing() }
  public var locale: Locale?
  public var numberStyle = Style.scientific
  public var usesSignificantDigits = false
  public var maximumSignificantDigits = 0
  public var positiveInfinitySymbol = ""
  public var negativeInfinitySymbol = ""
  public var notANumberSymbol = ""
  public var exponentSymbol: String? = ""
  public func string(for object: Any?) -> String? { missing() }
}

// MARK: Objects

public final class NSNumber {}

public final class NSString {}

extension String {
  public init(_ string: NSString) { missing() }
}

public final class NSArray: Sequence {
  public func makeIterator() -> IndexingIterator<[Any]> { missing() }
}

public final class NSDictionary: Sequence {
  public var count: Int { missing() }
  public func makeIterator() -> IndexingIterator<[(key: Any, value: Any)]> { missing() }
}

public final class NSNull: Equatable {
  public init() {}
  public static func == (one: NSNull, other: NSNull) -> Bool { true }
}

public final class NSMutableDictionary {
  public init() {}
  public subscript(key: Any) -> Any? {
    get { missing() }
    set { missing() }
  }
}

public final class NSMutableSet {
  public init() {}
  public func add(_ object: Any) { missing() }
}

public final class NSMutableArray {
  public init() {}
  public func add(_ object: Any) { missing() }
}
