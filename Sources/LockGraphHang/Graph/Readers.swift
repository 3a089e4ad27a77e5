/// Who keeps those waiting that want a lock that is read.
///
/// A lock does not tell who reads it, but how many do. If as many of the threads that wait for it
/// show that they have taken it for reading, then these are the readers.
struct Readers {
  private let group: Blockers.Group
  private let hold: OwnReadHold
  /// The threads that wait for each lock that is read.
  private var waiting: [UInt64: [Int]] = [:]
  private var shown: [UInt64: [Int]] = [:]

  /// - Parameter threads: all of the report.
  init(_ group: Blockers.Group, _ threads: [HungThread]) {
    self.group = group
    hold = OwnReadHold(process: group.process, walk: StackWalk(group.process))
    for index in group.indices.values.sorted() {
      guard let wait = threads[index].wait, wait.readers != nil, !wait.isProcessShared else {
        continue
      }
      waiting[wait.lock, default: []].append(index)
    }
  }

  /// - Parameter index: a thread of the process that waits for a lock without a known owner.
  /// - Returns: `nil` if nobody is known who keeps it.
  mutating func blocker(of index: Int, _ wait: Wait, _ threads: [HungThread]) -> Blocker? {
    guard let count = wait.readers, let members = waiting[wait.lock] else { return nil }
    if wait.isBehindWriter {
      // The lock says that one has asked; who sleeps on the word that it will be woken by, is it.
      let writers = members.filter { threads[$0].wait?.isNextWriter ?? false }
      return writers.count == 1 ? Blocker(who: .thread(writers[0]), certainty: .certain) : nil
    }
    guard wait.kind == .write else { return nil }
    if shown[wait.lock] == nil {
      shown[wait.lock] = members.filter { hold.isShown(threads[$0], wait.lock) }
    }
    let readers = shown[wait.lock]!
    guard readers.count == count, let first = readers.first(where: { $0 != index }) ?? readers.first
    else { return nil }
    return Blocker(who: .thread(first), certainty: .likely)
  }
}
