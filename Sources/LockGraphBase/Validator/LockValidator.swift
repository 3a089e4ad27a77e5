import CLockGraph

#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#elseif canImport(Darwin)
  import Darwin
#endif

/// The validator of the running program: what it does with what it finds, and what it knows.
///
/// Locks of this package tell it of every nesting of locks that a thread has not shown before; it
/// holds that against the rules that `lockdep-check` holds traces against, and reports at once,
/// before the thread waits. What it does is set by the environment before the program starts, or
/// here.
///
/// Thread-safe. Findings are printed on the thread that caused them. A handler is called on a
/// thread of its own, which holds none of the program's locks, so it can use all of them; what it
/// does with them is not validated.
public enum LockValidator {
  /// A finding, as it was made.
  public struct Report: Sendable {
    /// What is wrong.
    public var finding: Finding
    /// The place in the source at which the thread was that caused it: `FILE:LINE:COLUMN` with the
    /// file as `#fileID` tells it. `nil` where no place is known, as at the end of a thread.
    public var place: String?
    /// The name of that thread, as the finding's evidence has it.
    public var thread: String
    /// The finding was reported before, and is surer now.
    public var isSurer: Bool
    /// The finding as `lockdep-check` prints it.
    public var text: String
    /// It was put off, and is not told on the thread that caused it.
    package var isLate = false
    /// Whose it is, by the numbers that `LockValidator.attribute(to:)` was given; 0 is nobody.
    package var scope: UInt64 = 0

    package init(
      finding: Finding, place: String? = nil, thread: String, isSurer: Bool, text: String,
      isLate: Bool = false, scope: UInt64 = 0
    ) {
      self.finding = finding
      self.place = place
      self.thread = thread
      self.isSurer = isSurer
      self.text = text
      self.isLate = isLate
      self.scope = scope
    }
    /// It stands in standard error already.
    package private(set) var isPrinted = false

    /// Prints it to standard error, as is done with what nobody else wants. Does so once.
    package mutating func print() {
      guard !isPrinted else { return }
      isPrinted = true
      writeToStandardError("LockGraph: \(ProgramName.text), process \(getpid())\n" + text)
    }
  }
}
