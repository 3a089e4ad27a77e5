import CLockGraph

extension LockRuntime {
  /// A thread is about to wait for a queue.
  @usableFromInline
  package static func admitQueue(
    _ thread: UnsafeMutablePointer<lg_thread>, _ lock: UnsafeMutablePointer<lg_lock>,
    traits: UInt32, nest: UInt64, _ site: lg_site
  ) {
    let key = lg_key(thread.pointee.key, lock.pointee.number, traits)
    if traits & LG_NESTED != 0
      || !lg_may_pass(thread, key, site.file, site.line, site.column),
      !admit(thread, lock, Taking(traits, nest: nest, at: site))
    {
      refuse(lock, site)
    }
    // Whoever runs on the queue may be stuck.
    let isBusy = lg_load(lg_word(lock)) != 0
    if isBusy || thread.pointee.top != thread.pointee.base {
      beginWait(thread, lock, Taking(traits, nest: nest, at: site))
    }
  }

  @usableFromInline
  package static func leaveQueueWait(
    _ thread: UnsafeMutablePointer<lg_thread>, _ lock: UnsafeMutablePointer<lg_lock>
  ) {
    if lg_waiting_lock(thread) == lock { endWait(thread, lock, isIO: false, error: nil) }
  }

  @usableFromInline
  package static func enterQueue(
    _ thread: UnsafeMutablePointer<lg_thread>, _ lock: UnsafeMutablePointer<lg_lock>,
    traits: UInt32, nest: UInt64, _ site: lg_site
  ) {
    // The queue excludes others; the word only tells who runs on it.
    lg_store(lg_word(lock), thread.pointee.slot)
    let key = lg_key(thread.pointee.key, lock.pointee.number, traits)
    if traits & LG_NESTED != 0
      || !lg_push(thread, lock, traits, key, site.file, site.line, site.column)
    {
      push(thread, lock, Taking(traits, nest: nest, at: site))
    }
  }

  @usableFromInline
  package static func leaveQueue(
    _ thread: UnsafeMutablePointer<lg_thread>, _ lock: UnsafeMutablePointer<lg_lock>
  ) {
    if !lg_pop(thread, lock) { _ = pop(thread, lock, site: nil) }
    lg_store(lg_word(lock), 0)
  }
}
