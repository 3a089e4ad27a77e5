/// A change of a program, tried on what was recorded of it.
public enum Supposition: Sendable, Equatable {
  /// Wherever a lock of the class `first` was taken while one of `second` was held, it is taken
  /// before that.
  case order(first: String, second: String)
  /// A lock of its own is taken before the first of the two classes that a thread takes, and given
  /// up after the last.
  case gate(String, String)
  /// At this place, a function or `file:line`, no thread waits for a lock: it tries.
  case attempt(place: String)
}

/// A supposition that means nothing in what was recorded.
public struct SuppositionError: Error, Sendable, CustomStringConvertible {
  /// What is wrong, as a sentence without a full stop.
  public var description: String
}

/// A supposition, with the classes and places of one record.
enum ResolvedSupposition {
  case order(first: Set<LockClassID>, second: Set<LockClassID>)
  case gate(Set<LockClassID>, name: String)
  /// The numbers of the places and of the stacks.
  case attempt(places: Set<UInt32>)

  /// - Throws: that no class or place is meant, with the likest one.
  /// - Complexity: O(classes + evidence).
  init(_ supposition: Supposition, in record: OrderRecord) throws(SuppositionError) {
    switch supposition {
    case .order(let first, let second):
      self = .order(
        first: try Self.classes(first, in: record), second: try Self.classes(second, in: record))
    case .gate(let one, let other):
      let classes = try Self.classes(one, in: record).union(Self.classes(other, in: record))
      self = .gate(classes, name: "gate of \(one) and \(other)")
    case .attempt(let place):
      self = .attempt(places: try Self.places(place, in: record))
    }
  }

  /// Those that are called so, as several can be that are derived.
  private static func classes(
    _ name: String, in record: OrderRecord
  ) throws(SuppositionError) -> Set<LockClassID> {
    var known: Set<LockClassID> = []
    for dependency in record.graph.dependencies {
      known.formUnion([dependency.from, dependency.to])
    }
    let found = known.filter { record.table.name(of: $0) == name }
    guard found.isEmpty else { return found }
    let hint = nearestWord(to: name, among: known.map(record.table.name).sorted())
    throw SuppositionError(
      description: "no lock of class '\(name)' was taken with another one"
        + (hint.map { "; expected: '\($0)'" } ?? ""))
  }

  /// Places are told by what evidence calls them, whole or from a part of the path on.
  private static func places(
    _ text: String, in record: OrderRecord
  ) throws(SuppositionError) -> Set<UInt32> {
    var meant: [UInt32: Bool] = [:]
    var known: Set<String> = []
    var found: Set<UInt32> = []
    for wanted in record.evidence.records {
      for (number, isStack) in [(wanted.place, false), (wanted.stack, true)] where number != 0 {
        if let isMeant = meant[number] {
          if isMeant { found.insert(number) }
          continue
        }
        var place = record.evidence.places.string(number)
        if isStack { place = String(place.prefix { $0 != ";" }) }
        known.insert(place)
        let isMeant = means(text, place)
        meant[number] = isMeant
        if isMeant { found.insert(number) }
      }
    }
    guard found.isEmpty else { return found }
    let hint = nearestWord(to: text, among: known.sorted())
    throw SuppositionError(
      description: "no lock was taken at '\(text)' while another was held"
        + (hint.map { "; expected: '\($0)'" } ?? ""))
  }

  private static func means(_ text: String, _ place: String) -> Bool {
    if place == text || place.hasSuffix("/" + text) { return true }
    // FUNCTION (FILE:LINE) and FUNCTION+0x12 are meant by each part.
    guard place.hasPrefix(text) || place.hasSuffix("(\(text))") || place.hasSuffix("/\(text))")
    else { return false }
    guard place.hasPrefix(text) else { return true }
    let rest = place.dropFirst(text.count)
    return rest.hasPrefix(" (") || rest.hasPrefix("+0x")
  }
}
