import CLockGraph

#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#elseif canImport(Darwin)
  import Darwin
#endif

/// Records what locks do as a trace in the text format, one write a line.
///
/// The system has each line before the lock is waited for or given up, so whatever ends the
/// program, the trace is there up to that moment. An acquisition is written by who has the lock, a
/// release before it is given up, so the lines are in an order in which it can have happened. A
/// process that forks records on alone: its child is not in the file.
final class TraceRecorder {
  private let sink: OutputSink
  private let identity: FileIdentity?
  private let processIdentifier = getpid()
  private var output: ProgramOutput
  private var buffer: OutputBuffer
  private var lost: UInt64 = 0
  private var places = SiteTexts()

  /// - Returns: `nil` if the file cannot be written, which is told.
  init?(path: String) {
    var heading = OutputBuffer()
    TextEventEncoder.begin(&heading)
    let begin = Array(heading.content(from: 0, to: heading.position))
    let opened = ProgramOutputs.trace(path) { sink, stamp in
      (begin + TraceHeading.text(stamp).utf8).withUnsafeBytes { _ = sink.write($0) }
    }
    guard let opened else { return nil }
    (output, sink) = opened
    let (sink, identity) = (sink, FileIdentity(sink.file))
    self.identity = identity
    buffer = OutputBuffer(window: 1 << 12) { bytes in
      // A program that closes what it did not open may have a file of its own there now.
      guard FileIdentity(sink.file) == identity else { return false }
      let before = sink.count
      if sink.write(bytes) { return true }
      sink.shorten(to: before)
      return false
    }
  }

  /// Writes the event of a lock, and what the lock is if it is the first one.
  func write(
    _ verb: EventVerb, _ thread: UnsafeMutablePointer<lg_thread>,
    _ lock: UnsafeMutablePointer<lg_lock>, _ taking: Taking, assertion: LockAssertion = .held,
    reason: AbandonReason? = nil, condition: UInt64? = nil
  ) {
    let use = LockUse(lock, taking)
    if verb != .acquire, verb != .request, use.lock.rawValue & LG_TRACED == 0,
      thread.pointee.busy == 0, lg_set_flag(lock, LG_TRACED)
    {
      write(thread) { event, names in
        event.verb = .`init`
        names.lock = LockNames.text(use.number)
        event.describe(use)
      }
    }
    write(thread) { event, names in
      event.verb = verb
      event.assertion = assertion
      event.reason = reason
      switch verb {
      case .acquire, .request:
        event.mode = taking.flags.isForWriting ? nil : taking.flags.mode
        event.options = taking.flags.options
        if use.lock.isUnordered { event.options.insert(.unchecked) }
        if thread.pointee.exclusive > 0 { event.options.insert(.exclusive) }
        event.subclass = taking.flags.subclass
        if taking.flags.isNested { names.nest = LockNames.text(taking.nest) }
        if lg_set_flag(lock, LG_TRACED) { event.describe(use) }
      default: break
      }
      names.lock = LockNames.text(use.number)
      if let condition { names.operand = "C\(condition)" }
      event.at = self.places.text(taking.site)
    }
  }

  func writeAbandon(
    _ thread: UnsafeMutablePointer<lg_thread>, _ lock: UnsafeMutablePointer<lg_lock>,
    _ error: LockError
  ) {
    let reason: AbandonReason =
      switch error {
      case .interrupted: .interrupted
      case .killed: .killed
      case .timedOut: .timeout
      case .inSignalHandler: .failed
      }
    write(.abandon, thread, lock, Taking(at: nil), reason: reason)
  }

  func writeExit(_ thread: UnsafeMutablePointer<lg_thread>) {
    write(thread) { event, _ in event.verb = .exit }
  }

  private struct Names {
    var lock: String?
    var nest: String?
    var operand: String?
  }

  private func write(
    _ thread: UnsafeMutablePointer<lg_thread>, _ fill: (inout LockEvent, inout Names) -> Void
  ) {
    // Another thread's mark is its own.
    guard thread != lg_current() || thread.pointee.busy == 0, getpid() == processIdentifier else {
      return
    }
    let isWritten: Void? = LockRuntime.withValidatorLock {
      var event = LockEvent(verb: .sleep, thread: ThreadID(0), line: 0)
      var names = Names()
      fill(&event, &names)
      event.time = Int64(clamping: lg_now())
      if lost > 0 {
        buffer.append("* lost count=\(lost)\n")
        lost = 0
      }
      let threadName = Self.encoded(ThreadName.ofEvidence(thread))
      let lock = names.lock.map { Array($0.utf8) }
      let nest = names.nest.map { Array($0.utf8) }
      let operand = names.operand.map { Array($0.utf8) }
      withBytes(threadName) { threadName in
        withBytes(lock) { lock in
          withBytes(nest) { nest in
            withBytes(operand) { operand in
              event.operandName = operand
              var texts = EventNames(thread: threadName!)
              texts.lock = lock
              texts.nest = nest
              _ = TextEventEncoder.write(event, texts, to: &buffer)
            }
          }
        }
      }
      let wasBroken = buffer.isBroken
      buffer.flush()
      if buffer.isBroken, !wasBroken { tellFailure() }
    }
    if isWritten == nil { lost += 1 }
  }

  private func tellFailure() {
    output.tell(
      sink.failure
        ?? OutputSink.Failure(name: output.name, reason: "the program has closed it"))
  }

  /// A name as the format writes it.
  private static func encoded(_ name: String) -> [UInt8] {
    var name = name
    var scratch = OutputBuffer()
    name.withUTF8 { TextEventEncoder.write(name: UnsafeRawBufferPointer($0), to: &scratch) }
    return Array(scratch.content(from: 0, to: scratch.position))
  }

  private func withBytes(_ bytes: [UInt8]?, _ body: (UnsafeRawBufferPointer?) -> Void) {
    guard let bytes else { return body(nil) }
    bytes.withUnsafeBytes { body($0) }
  }
}

/// Which file is open under a number.
private struct FileIdentity: Equatable {
  private var device: UInt64
  private var number: UInt64

  init?(_ file: Int32) {
    var status = stat()
    guard fstat(file, &status) == 0 else { return nil }
    device = UInt64(truncatingIfNeeded: status.st_dev)
    number = UInt64(truncatingIfNeeded: status.st_ino)
  }
}
