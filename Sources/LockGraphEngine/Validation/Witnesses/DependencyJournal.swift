/// The dependencies that the last events changed, for a validator that is asked while the program
/// runs.
struct DependencyJournal {
  /// New, or seen in a new kind.
  var grown: [DependencyID] = []
  /// Known, with a witness more.
  var witnessed: [DependencyID] = []
  /// Locks of a class that is judged by instance, nested.
  var nested: [Nesting] = []

  struct Nesting {
    var lockClass: LockClassID
    var held: LockID
    var wanted: LockID
  }

  var isEmpty: Bool { grown.isEmpty && witnessed.isEmpty && nested.isEmpty }

  mutating func removeAll() {
    grown.removeAll(keepingCapacity: true)
    witnessed.removeAll(keepingCapacity: true)
    nested.removeAll(keepingCapacity: true)
  }
}
