/// How often each of a class's places was met: the first 64 places exactly, the others not at all.
struct ContentionPoints: Sendable {
  /// Places in the code that take locks of one class are few; what has more is generated.
  static let limit = 64

  private(set) var counts: [(place: UInt32, count: UInt64)] = []

  mutating func count(_ place: UInt32, times: UInt64 = 1) {
    guard place != PlaceTable.none else { return }
    if let index = counts.firstIndex(where: { $0.place == place }) {
      counts[index].count += times
    } else if counts.count < Self.limit {
      counts.append((place, times))
    }
  }

  mutating func merge(_ other: ContentionPoints) {
    for (place, times) in other.counts { count(place, times: times) }
  }

  /// Most met first, by name where equal.
  func points(named name: (UInt32) -> String) -> [ContentionPoint] {
    counts.map { ContentionPoint(place: name($0.place), count: $0.count) }.sorted {
      $0.count != $1.count
        ? $0.count > $1.count : $0.place.utf8.lexicographicallyPrecedes($1.place.utf8)
    }
  }
}

/// A place in the code and how often it was met.
public struct ContentionPoint: Sendable, Equatable {
  /// The source position, else the innermost frame.
  public var place: String
  /// How often.
  public var count: UInt64

  package init(place: String, count: UInt64) {
    self.place = place
    self.count = count
  }
}

/// The places that events name, as numbers.
struct PlaceTable {
  static let none = UInt32.max
  /// A program has fewer places that take locks; a trace that names more has something else there.
  private static let limit = 1 << 18

  private var names = ByteInterner()

  /// The place of an event: its source position, else its innermost frame.
  @inline(__always)
  mutating func place(of event: LockEvent) -> UInt32 {
    if event.at == nil, event.stack == nil { return Self.none }
    return statedPlace(of: event)
  }

  private mutating func statedPlace(of event: LockEvent) -> UInt32 {
    if let at = event.at { return number(at) }
    guard let stack = event.stack else { return Self.none }
    let end = stack.firstIndex(of: UInt8(ascii: ";")) ?? stack.endIndex
    return number(UnsafeRawBufferPointer(rebasing: stack[..<end]))
  }

  private mutating func number(_ name: UnsafeRawBufferPointer) -> UInt32 {
    guard !name.isEmpty else { return Self.none }
    if names.count >= Self.limit { return names.find(name) ?? Self.none }
    return names.intern(name).id
  }

  func name(_ place: UInt32) -> String { names.string(place) }
}
