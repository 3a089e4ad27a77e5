/// The dependencies that the last events changed, for a validator that is asked while the program runs.
struct DependencyJournal {
  /// New, or seen in a new kind.
  var grown: [DependencyID] = []
  /// Known, with a witness more.
  var witnessed: [DependencyID] = []

  var isEmpty: Bool { grown.isEmpty && witnessed.isEmpty }

  mutating func removeAll() {
    grown.removeAll(keepingCapacity: true)
    witnessed.removeAll(keepingCapacity: true)
  }
}
