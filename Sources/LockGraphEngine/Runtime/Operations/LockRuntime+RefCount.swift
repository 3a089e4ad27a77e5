import CLockGraph

extension LockRuntime {
  package static func tellMisuse(
    _ variant: ViolationVariant, number: UInt64, lockClass: UInt32, _ site: lg_site
  ) {
    guard let thread = currentThread, thread.pointee.busy == 0, let state = begin(), state.isOn
    else { return }
    state.judge(on: thread, at: site) {
      $0.tell(variant, thread, LockUse(number: number, LockFlags(lockClass), Taking(at: site)))
    }
  }
}
