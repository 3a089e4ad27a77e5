// What GRDB builds of dispatch queues and semaphores, with LockGraph's queues and locks.
@preconcurrency import Dispatch
import LockGraph

/// What `synchronized` in GRDB's utilities extends, in place of Foundation's.
protocol NSLocking {
  func lock()
  func unlock()
}

extension ValidatedLock: NSLocking {
  func lock() { lock(file: #fileID, line: #line, column: #column) }
  func unlock() { unlock(file: #fileID, line: #line, column: #column) }
}

extension RecursiveMutex: NSLocking {
  func lock() { lock(file: #fileID, line: #line, column: #column) }
  func unlock() { unlock(file: #fileID, line: #line, column: #column) }
}

typealias ValidatedSemaphore = LockGraph.Semaphore

/// A serial queue, or a concurrent one with barriers, which is a lock for readers and writers.
///
/// The concurrent queue lets in whom the lock would: nobody waits for it, but orders are seen.
final class ValidatedQueue: @unchecked Sendable {
  private enum Kind {
    case serial(SerialQueue)
    case concurrent(DispatchQueue, LockGraph.ReadWriteLock)
  }

  private let kind: Kind

  /// The dispatch queue below.
  var queue: DispatchQueue {
    switch kind {
    case .serial(let serial): serial.queue
    case .concurrent(let queue, _): queue
    }
  }

  init(
    label: String, qos: DispatchQoS = .unspecified,
    attributes: DispatchQueue.Attributes = [], target: DispatchQueue? = nil
  ) {
    if attributes.contains(.concurrent) {
      kind = .concurrent(
        DispatchQueue(label: label, qos: qos, attributes: attributes, target: target),
        LockGraph.ReadWriteLock(name: label))
    } else {
      kind = .serial(SerialQueue(label: label, qos: qos, target: target))
    }
  }

  func sync<Result>(
    flags: DispatchWorkItemFlags = [], file: StaticString = #fileID, line: UInt32 = #line,
    column: UInt32 = #column, execute body: () throws -> Result
  ) rethrows -> Result {
    switch kind {
    case .serial(let serial):
      return try serial.sync(file: file, line: line, column: column, execute: body)
    case .concurrent(let queue, let lock):
      return try queue.sync(flags: flags) {
        flags.contains(.barrier)
          ? try lock.withWriteLock(file: file, line: line, column: column, body)
          : try lock.withReadLock(file: file, line: line, column: column, body)
      }
    }
  }

  func async(
    flags: DispatchWorkItemFlags = [], file: StaticString = #fileID, line: UInt32 = #line,
    column: UInt32 = #column, execute body: @escaping @Sendable () -> Void
  ) {
    switch kind {
    case .serial(let serial):
      serial.async(file: file, line: line, column: column, execute: body)
    case .concurrent(let queue, let lock):
      queue.async(flags: flags) {
        flags.contains(.barrier)
          ? lock.withWriteLock(file: file, line: line, column: column, body)
          : lock.withReadLock(file: file, line: line, column: column, body)
      }
    }
  }
}

/// A value that many threads read or one changes.
final class ReadWriteLock<Value>: @unchecked Sendable {
  private let validated: LockGraph.ReadWriteLock
  private var value: Value

  init(
    _ value: Value, file: StaticString = #fileID, line: UInt32 = #line,
    column: UInt32 = #column
  ) {
    validated = LockGraph.ReadWriteLock(file: file, line: line, column: column)
    self.value = value
  }

  func read<Result>(
    file: StaticString = #fileID, line: UInt32 = #line, column: UInt32 = #column,
    _ body: (Value) throws -> Result
  ) rethrows -> Result {
    try validated.withReadLock(file: file, line: line, column: column) { try body(value) }
  }

  func withLock<Result>(
    file: StaticString = #fileID, line: UInt32 = #line, column: UInt32 = #column,
    _ body: (inout Value) throws -> Result
  ) rethrows -> Result {
    try validated.withWriteLock(file: file, line: line, column: column) { try body(&value) }
  }
}

/// An actor whose work runs on a queue, with the queue held.
actor DispatchQueueActor {
  private let executor: Executor

  private final class Executor: SerialExecutor {
    let queue: ValidatedQueue
    let flags: DispatchWorkItemFlags

    init(_ queue: ValidatedQueue, _ flags: DispatchWorkItemFlags) {
      self.queue = queue
      self.flags = flags
    }

    func enqueue(_ job: UnownedJob) {
      queue.async(flags: flags) {
        job.runSynchronously(on: self.asUnownedSerialExecutor())
      }
    }

    func checkIsolated() { dispatchPrecondition(condition: .onQueue(queue.queue)) }
  }

  init(queue: ValidatedQueue, flags: DispatchWorkItemFlags = []) {
    executor = Executor(queue, flags)
  }

  nonisolated var unownedExecutor: UnownedSerialExecutor { executor.asUnownedSerialExecutor() }

  func execute<Result>(_ work: () throws -> Result) rethrows -> Result { try work() }
}

extension Configuration {
  func makeWriterDispatchQueue(label: String) -> ValidatedQueue {
    queue(label, target: writeTargetQueue ?? targetQueue)
  }

  func makeReaderDispatchQueue(label: String) -> ValidatedQueue {
    queue(label, target: targetQueue)
  }

  private func queue(_ label: String, target: DispatchQueue?) -> ValidatedQueue {
    ValidatedQueue(label: label, qos: target == nil ? qos : .unspecified, target: target)
  }
}

extension SchedulingWatchdog {
  static func allowDatabase(_ database: Database, onQueue queue: ValidatedQueue) {
    allowDatabase(database, onQueue: queue.queue)
  }
}
