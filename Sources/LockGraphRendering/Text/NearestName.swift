/// The known name that is most like a mistyped one.
enum NearestName {
  /// - Complexity: O(names), times a constant bounded by `comparedLength` squared.
  static func to(_ name: String, among names: some Sequence<String>) -> String? {
    let wanted = compared(name)
    var nearest: (name: String, distance: Int)?
    for candidate in names {
      let limit = nearest?.distance ?? Int.max
      let scalars = compared(candidate)
      guard abs(scalars.count - wanted.count) < limit else { continue }
      if let distance = distance(wanted, scalars, below: limit) { nearest = (candidate, distance) }
      if nearest?.distance == 0 { break }
    }
    return nearest?.name
  }

  /// Names are compared by their beginnings: what is longer is no typing mistake.
  private static let comparedLength = 64

  private static func compared(_ name: String) -> [UInt32] {
    name.unicodeScalars.prefix(comparedLength).map { $0.properties.lowercaseMapping }
      .flatMap { $0.unicodeScalars.map(\.value) }
  }

  /// The number of insertions, deletions and replacements between two words, or nil if it is not
  /// below a limit.
  private static func distance(_ left: [UInt32], _ right: [UInt32], below limit: Int) -> Int? {
    var row = Array(0...right.count)
    for (leftIndex, leftScalar) in left.enumerated() {
      var diagonal = row[0]
      row[0] = leftIndex + 1
      var least = row[0]
      for (rightIndex, rightScalar) in right.enumerated() {
        let replaced = diagonal + (leftScalar == rightScalar ? 0 : 1)
        diagonal = row[rightIndex + 1]
        row[rightIndex + 1] = min(replaced, diagonal + 1, row[rightIndex] + 1)
        least = min(least, row[rightIndex + 1])
      }
      if least >= limit { return nil }
    }
    return row[right.count] < limit ? row[right.count] : nil
  }
}
