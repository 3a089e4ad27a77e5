/// Small traces that several tests use.
enum Traces {
  /// Both orders, by different threads, on the same locks.
  static let feasible = """
    T1 acquire A
    T1 acquire B
    T1 release B
    T1 release A
    T2 acquire B
    T2 acquire A
    T2 release A
    T2 release B

    """

  /// Both orders, but by one thread.
  static let ordering = """
    T1 acquire A
    T1 acquire B
    T1 release B
    T1 release A
    T1 acquire B
    T1 acquire A
    T1 release A
    T1 release B

    """

  /// Both orders, under a common lock.
  static let excluded = """
    T1 acquire G
    T1 acquire A
    T1 acquire B
    T1 release B
    T1 release A
    T1 release G
    T2 acquire G
    T2 acquire B
    T2 acquire A
    T2 release A
    T2 release B
    T2 release G

    """

  /// No deadlock, but an error.
  static let unbalanced = """
    T1 acquire A
    T2 release A

    """

  static let clean = """
    T1 acquire A
    T1 release A

    """

  /// The first half of `feasible`, and the other one.
  static let oneOrder = "T1 acquire A\nT1 acquire B\nT1 release B\nT1 release A\n"
  static let otherOrder = "T2 acquire B\nT2 acquire A\nT2 release A\nT2 release B\n"
}
