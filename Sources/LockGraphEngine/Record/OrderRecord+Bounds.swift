extension OrderRecord.Bounds {
  /// From how many of the locks that a thread holds an acquisition gets edges, the last taken ones.
  /// Nobody holds more; a recorder that loses releases does.
  static var deepestStack: Int { 1024 }
  /// How many witnesses of nestings that are judged by instance are kept of one input.
  static var instanceOrderLimit: Int { 1 << 16 }

  /// What is said of an input in which not everything could be looked at.
  static var joinWarning: String {
    "there is too much that threads asked for before they were joined; circles that joins close may "
      + "be missing"
  }

  /// What is said of an input that has more.
  static var instanceOrderWarning: String {
    "there are more than \(instanceOrderLimit) nestings of locks whose classes are judged by "
      + "instance; the rest is left out"
  }
}
