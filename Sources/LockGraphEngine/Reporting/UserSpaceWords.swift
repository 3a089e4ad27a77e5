// What a rule of the kernel means in a program.

extension Finding {
  /// What a finding means and what helps where the rule's own words are those of a kernel.
  package var userSpaceWords: (meaning: String, advice: String)? {
    if isOfSwift, let words = swiftWords { return words }
    guard rule == .invalidWaitContext else { return nil }
    if severity == .warning {
      return (
        """
        Who waits for a spin lock uses up a processor until it is given up, and its holder may sleep here. With \
        more threads than processors the holder waits for one on which others spin for it.
        """,
        """
        Take the sleeping lock first, or make the lock that is spun for one that sleeps.
        """
      )
    }
    guard context == .signal else { return nil }
    return (
      """
      A signal handler asks for what may put its thread to sleep. The code that it interrupted goes on when the \
      handler is done, and may be what the handler waits for: a signal can come where the lock is held.
      """,
      """
      Mask the signal wherever the lock is held, or leave the work to a thread: set a flag, write to a pipe.
      """
    )
  }

  /// The same of rules whose own words are those of traces.
  private var swiftWords: (meaning: String, advice: String)? {
    switch rule {
    case .nestNotHeld:
      (
        """
        A lock was taken with nestedUnder:, which says that another lock serialises all locks of its class, and \
        that one is not held; or it was given up while a lock nested under it is still held. Then nothing keeps \
        two threads from nesting the locks of the class in different orders.
        """,
        """
        Hold the lock that nestedUnder: names around the nesting, until the last of the nested locks is given up.
        """
      )
    default: nil
    }
  }

  /// What it means, paragraph by paragraph.
  package var meaningParagraphs: [String] {
    userSpaceWords.map { [$0.meaning] } ?? rule.meaningParagraphs
  }
}
