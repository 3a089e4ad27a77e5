/// Work that several threads do side by side, and whose results are taken in the order in which it
/// was given: by the one thread that gives it, which works too where it would wait.
final class OrderedWork<Item: AnyObject> {
  /// Works on one item; each thread has its own, and gets its items in their order.
  typealias Worker = (Item) -> Void

  /// The next item in order.
  enum Next {
    /// Nobody has looked at it, and nobody else will.
    case untouched(Item)
    case done(Item)
  }

  private let queue = WorkQueue<Item>()
  private var threads: [Thread] = []
  private let makeWorker: () -> Worker
  private var ownWorker: Worker?

  /// Threads are joined where they are.
  private final class Thread {
    private var thread: WorkerThread?
    init?(_ run: @escaping () -> Void) {
      guard let thread = WorkerThread(run) else { return nil }
      self.thread = consume thread
    }
    func join() { thread.take()?.join() }
  }

  /// - Parameters:
  ///   - helpers: how many threads there are beside the caller's; fewer if the system has no more.
  ///   - makeWorker: called on each thread, side by side.
  init(helpers: Int, _ makeWorker: @escaping () -> Worker) {
    self.makeWorker = makeWorker
    for _ in 0..<helpers {
      let thread = Thread { [queue] in
        let work = makeWorker()
        while let item = queue.take() {
          work(item)
          queue.finish(item)
        }
      }
      guard let thread else { break }
      threads.append(thread)
    }
  }

  deinit { end() }

  /// How many items were given and not taken.
  private(set) var count = 0

  func add(_ item: Item) {
    count += 1
    queue.add(item)
  }

  /// Takes the next item; `nil` if none was given. Meanwhile the caller's thread works on others.
  func next() -> Next? {
    while true {
      switch queue.front() {
      case nil: return nil
      case .waiting(let item):
        count -= 1
        return .untouched(item)
      case .done(let item):
        count -= 1
        return .done(item)
      case .taken(let item):
        if let other = queue.takeNow() {
          if ownWorker == nil { ownWorker = makeWorker() }
          ownWorker?(other)
          queue.finish(other)
        } else {
          queue.wait(for: item)
        }
      }
    }
  }

  /// Nothing is worked on any more when it returns; what was not taken is forgotten.
  func end() {
    queue.close()
    for thread in threads { thread.join() }
    threads = []
    count = 0
  }
}

/// Items in order, and how far each is.
private final class WorkQueue<Item: AnyObject>: @unchecked Sendable {
  enum State {
    case waiting(Item), taken(Item), done(Item)
  }

  private struct Entry {
    let item: Item
    var isTaken = false
    var isDone = false
  }

  // All that follows is touched with the monitor alone.
  private let monitor = Monitor()
  private var entries: [Entry] = []
  private var isClosed = false

  func add(_ item: Item) {
    monitor.locked {
      entries.append(Entry(item: item))
      monitor.tellAll()
    }
  }

  /// The first item that waits; `nil` when there will be none.
  func take() -> Item? {
    monitor.locked {
      while !isClosed {
        if let item = takeFirst() { return item }
        monitor.wait()
      }
      return nil
    }
  }

  func takeNow() -> Item? { monitor.locked { takeFirst() } }

  private func takeFirst() -> Item? {
    guard let index = entries.firstIndex(where: { !$0.isTaken }) else { return nil }
    entries[index].isTaken = true
    return entries[index].item
  }

  func finish(_ item: Item) {
    monitor.locked {
      if let index = entries.firstIndex(where: { $0.item === item }) {
        entries[index].isDone = true
      }
      monitor.tellAll()
    }
  }

  /// The first item of all, which is taken away unless somebody works on it.
  func front() -> State? {
    monitor.locked {
      guard let first = entries.first else { return nil }
      if first.isTaken, !first.isDone { return .taken(first.item) }
      entries.removeFirst()
      return first.isTaken ? .done(first.item) : .waiting(first.item)
    }
  }

  func wait(for item: Item) {
    monitor.locked {
      while let first = entries.first, first.item === item, !first.isDone { monitor.wait() }
    }
  }

  func close() {
    monitor.locked {
      isClosed = true
      entries.removeAll { !$0.isTaken }
      monitor.tellAll()
    }
  }
}
