/// What threads did in one run, as far as it says which other orders of it are possible.
///
/// Events are numbered in the order in which they happened. What is kept of them is what a
/// reordering may not break: the order inside each thread, sections in which a lock is held, and
/// what an event had to wait for or read.
struct Execution: Sendable {
  /// No event, section, lock or thread.
  static let none = UInt32.max

  enum Action: UInt8, Sendable {
    /// Begins the section `operand`.
    case acquire
    /// Ends the section `operand`.
    case release
    /// Ends the section `operand` and begins the next one, which keeps nobody out who was let in.
    case convert
    /// Asks for a lock and does not get it.
    case request
    /// Waits for the end of the thread `operand`.
    case join
    /// Begins to wait for a signal; ends the section `operand`, if it is one.
    case wait
    /// Was signalled; begins the section `operand`, if it is one.
    case wake
    /// Reads or writes the variable `operand`.
    case read, write
    /// Had its locks once more, one after the other, which the input leaves out.
    case repeats
    /// Anything else that another event may depend on.
    case step
  }

  struct Event: Sendable {
    var thread: UInt32
    var operand: UInt32
    /// The event of its thread before it.
    var previous: UInt32
    var origin: Origin
    var action: Action
  }

  /// Where in the input an event stands.
  struct Origin: Sendable {
    /// The number of the input's event, from zero; `none` for what no event says.
    var event = Execution.none
    var line: UInt32 = 0
    /// The place in the source, as a number of the reader's; zero where none is known.
    var place: UInt32 = 0
  }

  /// A time in which a thread has a lock.
  struct Section: Sendable {
    var lock: UInt32
    var thread: UInt32
    var begin: UInt32
    /// The event that ends it; `none` if nothing does.
    var end: UInt32
    var mode: LockMode
  }

  /// What an event needs beside what its thread did before, or that it begins a section.
  struct Need: Sendable {
    enum Cause: UInt8, Sendable {
      /// No need: it begins the section `subject`.
      case section
      /// Nothing but the event `subject` can bring it about: spawn, join, the one signal there is.
      case structure
      /// The event `subject` brought it about, and another one might have.
      case signal
      /// It read what the event `subject` had written, or, if that is `none`, what was there.
      case data
    }
    var event: UInt32
    var subject: UInt32
    var cause: Cause
  }

  /// A lock that a thread has.
  struct Hold: Hashable, Sendable {
    var lock: UInt32
    var mode: LockMode
  }

  /// What a thread that has to wait waits for.
  enum Wish: Hashable, Sendable {
    case lock(UInt32, LockMode)
    case end(ofThread: UInt32)
  }

  /// All the times one thread asked for the same at the same place while it had the same.
  struct RequestGroup: Sendable {
    var thread: UInt32
    var wish: Wish
    var place: UInt32 = 0
    var holds: [Hold]
    /// Where the thread took each of these.
    var holdPlaces: [UInt32] = []
    /// In the order of the thread.
    var events: [UInt32]
  }

  var events: [Event] = []
  var sections: [Section] = []
  var requests: [RequestGroup] = []
  /// The locks of threads whose repeats were left out.
  var repeated: [UInt32: [UInt32]] = [:]
  /// Of thread `t`, in its order: those from `needStarts[t]` up to `needStarts[t + 1]`.
  var needs: [Need] = []
  var needStarts: [Int] = [0]
  /// By thread, the last event; `none` if there is none.
  var lastEvents: [UInt32] = []
  var lockCount = 0

  var threadCount: Int { lastEvents.count }

  /// What an event needs.
  ///
  /// - Complexity: O(log needs of its thread).
  func needs(of event: UInt32) -> ArraySlice<Need> {
    let thread = Int(events[Int(event)].thread)
    var low = needStarts[thread]
    var high = needStarts[thread + 1]
    while low < high {
      let middle = (low + high) / 2
      if needs[middle].event < event { low = middle + 1 } else { high = middle }
    }
    var end = low
    while end < needStarts[thread + 1], needs[end].event == event { end += 1 }
    return needs[low..<end]
  }

  /// Whether a thread that waits at an event has met a need of it before: all but the lock or the
  /// end of a thread that it waits for.
  func isMetBeforeWaiting(_ need: Need) -> Bool {
    guard need.cause != .section else { return false }
    let event = events[Int(need.event)]
    return event.action != .join || need.subject == Execution.none
      || events[Int(need.subject)].thread != event.operand
  }
}
