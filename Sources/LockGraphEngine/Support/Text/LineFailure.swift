/// What is wrong with a line, at `column` in bytes from one.
struct LineFailure: Error {
  var column: Int
  var message: String
  var expected: String?
}
