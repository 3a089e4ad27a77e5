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
/// The system has each line before the lock is waited for or given up, so whatever ends the program, the trace
/// is there up to that moment. An acquisition is written by who has the lock, a release before it is given up, so the
/// lines are in an order in which it can have happened. A process that forks records on alone: its child is
/// not in the file.
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
    _ lock: UnsafeMutablePointer<lg_lock>, traits: UInt32 = 0, nest: UInt64 = 0, site: lg_site?,
    assertion: LockAssertion = .held, reason: AbandonReason? = nil, condition: UInt64? = nil
  ) {
    let lockClass = lg_lock_class(lock)
    let number = lock.pointee.number
    func describe(_ event: inout LockEvent) {
      event.lockClass = LockClassRegistry.nameBytes(lockClass & LG_CLASS_MASK)
      event.kind = LockKind(lockClass: lockClass)
      if lockClass & LG_HAS_RANK != 0 { event.rank = LockNames.rank(number) }
      event.nestsByInstance = LockClassRegistry.nestsByInstance(lockClass & LG_CLASS_MASK)
    }
    if verb != .acquire, verb != .request, lockClass & LG_TRACED == 0,
      thread.pointee.busy == 0, lg_set_flag(lock, LG_TRACED)
    {
      write(thread) { event, names in
        event.verb = .`init`
        names.lock = LockNames.text(number)
        describe(&event)
      }
    }
    write(thread) { event, names in
      event.verb = verb
      event.assertion = assertion
      event.reason = reason
      switch verb {
      case .acquire, .request:
        let mode = LockMode(rawValue: UInt8(traits & LG_MODE_MASK))
        event.mode = mode == .write ? nil : mode
        event.options = AcquisitionOptions(traits: traits)
        if lockClass & LG_UNORDERED != 0 { event.options.insert(.unchecked) }
        if thread.pointee.exclusive > 0 { event.options.insert(.exclusive) }
        event.subclass = UInt8((traits & LG_SUBCLASS_MASK) >> UInt32(LG_SUBCLASS_SHIFT))
        if traits & LG_NESTED != 0 { names.nest = LockNames.text(nest) }
        if lg_set_flag(lock, LG_TRACED) { describe(&event) }
      default: break
      }
      names.lock = LockNames.text(number)
      if let condition { names.operand = "C\(condition)" }
      if let site { event.at = self.places.text(site) }
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
    write(.abandon, thread, lock, site: nil, reason: reason)
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
