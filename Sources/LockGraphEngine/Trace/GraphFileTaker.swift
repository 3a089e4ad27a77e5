/// Takes inputs that are graph files: they hold what was learned and no events, and are not read in
/// lines.
protocol GraphFileTaker: AnyObject {
  /// The next input begins.
  func beginInput(named name: String)
  /// - Parameter isLast: nothing of the input comes after these bytes.
  /// - Throws: what is wrong with them.
  func take(_ bytes: UnsafeRawBufferPointer, isLast: Bool) throws(TraceError)
  /// The classes and dependencies of the input, as far as it was read.
  var facts: UInt64 { get }
}
