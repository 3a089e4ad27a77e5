/// Graphviz refused.
struct GraphvizFailure: Error, Sendable {
  /// What it said; empty if it said nothing.
  var message: String
}
