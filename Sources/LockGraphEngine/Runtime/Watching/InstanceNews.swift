/// Which locks of the classes that are judged by instance a running program nested in which, to see
/// when that closes a circle.
struct InstanceNews {
  private var order = TopologicalOrder()
  private var known = PairSet()
  /// The locks by their numbers in the order.
  private var numbers: [LockID: Int] = [:]
  private var hasSaidBound = false

  /// Whether a nesting is part of a circle of nestings.
  ///
  /// - Complexity: that of adding to a topological order; once there is a circle, O(nestings).
  mutating func closesCircle(_ nesting: DependencyJournal.Nesting) -> Bool {
    let (from, to) = (number(nesting.held), number(nesting.wanted))
    guard known.insert(UInt32(from), UInt32(to)) else {
      return order.asideCount > 0 && order.leads(from: to, to: from)
    }
    return order.add(from: from, to: to)
  }

  private mutating func number(_ lock: LockID) -> Int {
    if let number = numbers[lock] { return number }
    numbers[lock] = numbers.count
    return numbers.count - 1
  }

  /// Says once that nestings are left out.
  mutating func sayBound() {
    guard !hasSaidBound else { return }
    hasSaidBound = true
    writeToStandardError("LockGraph: \(OrderRecord.Bounds.instanceOrderWarning)\n")
  }
}
