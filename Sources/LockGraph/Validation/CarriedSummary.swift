/// What graph files say of inputs beside what becomes part of the order.
struct CarriedSummary {
  var threads = 0
  var locks = 0
  /// Findings that were not kept.
  var omitted = 0
  /// Dependencies were left out because there were too many.
  var isBounded = false
}
