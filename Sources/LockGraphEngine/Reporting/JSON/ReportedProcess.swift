/// The process that writes a report of itself.
struct ReportedProcess {
  var id: Int32
  /// Tells it and its output from others.
  var run: String
  /// The program.
  var name: String
}
