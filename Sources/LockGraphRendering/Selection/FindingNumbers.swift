/// The numbers of the findings something takes part in, as reports count them, from one; bounded.
struct FindingNumbers: Equatable, Sendable {
  /// The least numbers, ascending, at most `keptLimit` of them.
  private(set) var kept: [Int] = []
  /// How many there are in all.
  private(set) var count = 0

  private static let keptLimit = 16

  /// Adds a number; they come in ascending order, and one that came last is not counted again.
  mutating func append(_ number: Int) {
    guard number != last else { return }
    last = number
    count += 1
    if kept.count < Self.keptLimit { kept.append(number) }
  }

  /// Adds a number in whatever order; beyond the numbers kept it is not counted.
  mutating func insert(_ number: Int) {
    guard !kept.contains(number), kept.count < Self.keptLimit else { return }
    kept.insert(number, at: kept.firstIndex { $0 > number } ?? kept.endIndex)
    count += 1
  }

  private var last = 0

  /// `#1 #2 #3`, and beyond three `#1 #2 … +17`.
  var label: String {
    let shown = count <= 3 ? kept[...] : kept.prefix(2)
    let numbers = shown.map { "#\($0)" }.joined(separator: " ")
    return count <= 3 ? numbers : numbers + " … +\(count - 2)"
  }
}
