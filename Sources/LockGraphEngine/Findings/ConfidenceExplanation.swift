extension Confidence {
  /// What the grade says, when it is given, and what to do about it; plain text paragraphs.
  package var meaning: String {
    switch self {
    case .observed:
      """
      It happened: in this run threads came to wait for each other, or one for itself or for a thread that had \
      ended. Nothing is concluded. The finding has the rule deadlock and names for every waiter what it holds, \
      what it wants and since when. A waiter may still have given up later, where its wait could end by itself.
      """
    case .predicted:
      """
      This run's own events, in another order that is possible, end in the deadlock. The order is printed, \
      step by step, and was replayed against every rule of the locks: it can be followed with a debugger.

      It is looked for where a cycle is feasible and the input can be read twice, so not in a pipe. The order \
      rests on locks, threads and signals that were recorded. Data that one thread hands to another was \
      recorded only if the trace says so; else it may be what keeps the order from happening.
      """
    case .feasible:
      """
      Different threads took the same locks, by instance, in both orders, and nothing was seen that keeps \
      them apart: no lock that both hold around it, no start or end of a thread in between. If they \
      come there at once, each waits for the other. No order of this run's events was printed for it, because \
      none was looked for, or the search was given up.
      """
    case .ordering:
      """
      Both orders occur, but the run shows less than a deadlock needs: one thread alone took both, or different \
      threads did on locks that never met, or a reader would have to wait behind a writer that nobody was, or \
      nobody else could reach one of the locks. Nothing keeps another run from doing it on the same locks. It \
      is what the Linux kernel's lockdep reports.

      The finding says what is missing, and tells what would have to meet, not what could happen.
      """
    case .excluded:
      """
      Both orders occur, and in this run something always keeps them apart: a gate lock that both sides hold, \
      the start or the end of a thread, or no order of the events that ends in the deadlock. The finding names \
      it. It fails no gate unless it is asked to (--fail-on excluded); when that something goes from the code, \
      the same finding rises to an error.
      """
    }
  }

  /// A trace in which an inversion, or a deadlock, has the grade, in the text format. That events
  /// were lost keeps the same from being predicted.
  package var example: String {
    switch self {
    case .observed:
      """
      A acquire account
      B acquire ledger
      A request ledger
      B request account
      """
    case .predicted:
      """
      A acquire account
      A acquire ledger
      A release ledger
      A release account
      B acquire ledger
      B acquire account
      """
    case .feasible:
      """
      A acquire account
      A acquire ledger
      A release ledger
      A release account
      * lost count=1
      B acquire ledger
      B acquire account
      """
    case .ordering:
      """
      A acquire account
      A acquire ledger
      A release ledger
      A release account
      A acquire ledger
      A acquire account
      """
    case .excluded:
      """
      A acquire bank
      A acquire account
      A acquire ledger
      A release ledger
      A release account
      A release bank
      B acquire bank
      B acquire ledger
      B acquire account
      """
    }
  }
}
