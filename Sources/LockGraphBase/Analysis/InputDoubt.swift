/// Why an input is not to be taken for a trace, though it was read to its end: a gate that passed
/// on it would pass on anything.
package enum InputDoubt: Sendable, Equatable {
  /// No line of it was good.
  case unreadable
  /// Of its lines more were bad than good, and nothing says that it is a trace.
  case mostlyUnreadable(good: UInt64, bad: UInt64)
  /// It has no events, and lines that end in a carriage return alone, of which none is read.
  case loneReturns
  /// It was read as a format, and nothing in it is of that: what it lacks, behind its name, and
  /// what was expected.
  case foreign(String, expected: String?)
}
