/// Bounds that several rooms share.
package enum Limits {
  /// How many lock-order inversions are listed, or looked at, where nobody asks for another number.
  package static let inversions = 1000
  /// How many bytes a line of a report has that repeats what a person or an input said.
  package static let remark = 1000
}
