// Entering, leaving, masking and unmasking contexts [semantics 11].

extension Validator {
  mutating func enter(_ event: LockEvent) {
    refreshChains(of: event.thread)
    if event.context != .signal { state.isOfKernel = true }
    state.threads[event.thread.index].held.enter(event.context, isUnthreaded: event.isUnthreaded)
  }

  mutating func leave(_ event: LockEvent) {
    BalanceRule.judgeLeaving(event, state, &record)
    let thread = event.thread.index
    for lock in state.threads[thread].held.leave(event.context) {
      record.table.locks[lock.index].holds -= 1
    }
    let depth = state.threads[thread].held.depth
    while let index = state.threads[thread].pending.lastIndex(where: { $0.depth > depth }) {
      state.giveUpRequest(at: index, of: event.thread, &record)
    }
  }

  mutating func setMask(_ event: LockEvent) {
    if event.context != .signal { state.isOfKernel = true }
    let isBalanced = state.threads[event.thread.index].held.setMask(
      event.context, isMasked: event.verb == .disable, isAbsolute: event.isAbsolute)
    if !isBalanced { BalanceRule.reportNotMasked(event, state, &record) }
    if event.verb == .enable {
      ContextUses.noteEnabled(event.thread, line: event.line, state, &record)
    }
  }
}
