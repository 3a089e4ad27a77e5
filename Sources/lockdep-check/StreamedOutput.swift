import ArgumentParser
import LockGraphEngine

/// Output that is written as it comes, and there whole or not at all where it goes to a file of its
/// own.
final class StreamedOutput {
  private let sink: OutputSink

  /// Opens a file, or standard output for `nil` and `-`; ends with status 2 if that fails.
  init(_ path: String?) throws {
    let destination = OutputFile.destination(path)
    let name = destination == .descriptor(1) ? "standard output" : path ?? ""
    sink = try Self.reporting { () throws(OutputSink.Failure) in
      // What may be waited for must be open to interruption.
      guard destination.isFile else {
        return try OutputSink(destination, named: name, waiting: .forEver)
      }
      return try Interruption.deferred { () throws(OutputSink.Failure) in
        let sink = try OutputSink(destination, named: name, waiting: .forEver)
        if let temporary = sink.temporary { Interruption.removeIfInterrupted(temporary) }
        return sink
      }
    }
  }

  deinit {
    Interruption.deferred {
      let temporary = sink.temporary
      sink.discard()
      if let temporary { Interruption.keep(temporary) }
    }
  }

  /// Writes bytes; false if that failed, now or before.
  func write(_ bytes: UnsafeRawBufferPointer) -> Bool { sink.write(bytes) }

  /// What went wrong so far, for `throw`; `nil` if nothing did.
  var failure: ExitCode? { sink.failure.map(Self.report) }

  /// Nothing more comes, and all is where it is written; ends with status 2 if something is not.
  func complete() throws {
    try Self.reporting { () throws(OutputSink.Failure) in try sink.complete() }
  }

  /// Puts a file that is complete in its place; ends with status 2 if that fails.
  func commit() throws {
    let temporary = sink.temporary
    try Interruption.deferred {
      try Self.reporting { () throws(OutputSink.Failure) in try sink.commit() }
      if let temporary { Interruption.keep(temporary) }
    }
  }

  /// Both.
  func finish() throws {
    try complete()
    try commit()
  }

  private static func reporting<Value>(
    _ body: () throws(OutputSink.Failure) -> Value
  ) throws -> Value {
    do throws(OutputSink.Failure) { return try body() } catch { throw report(error) }
  }

  private static func report(_ failure: OutputSink.Failure) -> ExitCode {
    if failure.isUnread { Interruption.endUnread() }
    Terminal.message("\(failure.name): error: cannot be written: \(failure.reason)")
    return ExitCode(2)
  }
}
