extension Drawing.Arrangement {
  /// Graphviz's attributes for the whole graph: layouts and DOT text have the same.
  ///
  /// Bounds on iterations keep layouts short; the drawing's limits do the rest.
  var attributes: [(name: String, value: String)] {
    switch self {
    case .layers, .sidewaysLayers:
      [
        ("rankdir", self == .layers ? "TB" : "LR"), ("nodesep", "0.4"), ("ranksep", "0.55"),
        ("nslimit", "3"), ("nslimit1", "3"), ("mclimit", "0.6"), ("splines", "spline"),
      ]
    case .forces:
      [
        ("layout", "sfdp"), ("overlap", "prism"), ("sep", "+12"), ("splines", "line"),
        ("maxiter", "300"), ("K", "1.2"), ("outputorder", "edgesfirst"),
      ]
    }
  }
}
