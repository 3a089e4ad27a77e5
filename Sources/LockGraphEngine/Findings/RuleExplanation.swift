extension Rule {
  /// What the rule means and why it matters; plain text paragraphs.
  public var meaning: String {
    switch self {
    case .deadlock:
      """
      The trace itself ends up in a deadlock: every thread of a circle waits for a lock that the next one \
      holds, or for its end; or a thread waits for a lock that it holds itself, or that a thread held which \
      has ended. Nothing has to be concluded here, it happened, though a waiter may have given up later. The \
      finding names for every waiter what it holds, what it wants and since when.
      """
    case .lockOrderInversion:
      """
      Somewhere B was asked for while A was held, and somewhere else A while B was held, possibly over \
      several locks in between. If two threads do that at the same time, each waits for the other. The run \
      itself need not have gone wrong. Orders are those of lock classes, so one run of each code path \
      is enough to see it.

      Readers count: a cycle is reported only if every step of it can block. An edge that ends in a \
      recursive read followed by one that starts with a shared hold does not. Of classes that are judged by \
      instance, locks that are nested in a circle are one too. The end of a thread is like a lock that the \
      thread holds: a join under a lock that the joined thread takes closes a circle.

      The confidence says how sure it is: predicted (this run's events, in another order that is printed, \
      end in it), feasible (the same locks, different threads, nothing keeps them apart), ordering (both orders, but never by different threads on the same locks, or only where nobody \
      else could reach one of them, or a reader would wait behind a writer that was not seen), excluded (a gate lock or spawn and join keep every seen combination \
      from happening).
      """
    case .recursiveAcquisition:
      """
      A thread asks for a lock that it holds already and waits for itself; or for another lock of the same \
      class. Which of two locks of a class comes first is then up to the data, so another thread may nest \
      them the other way round, and each waits for the other.

      It is none where the lock may be taken again (kind=recursive, kind=reentrant-rwlock), where both are \
      readers and the second is a recursive read, where an upgradable reader becomes the writer, where ranks rise, or where a lock that is held serialises the class. \
      Nesting levels are classes of their own. Where the class is judged by instance, two of its locks may \
      nest, and a circle of them is a lock-order-inversion.

      The confidence says how sure it is: feasible (it is one lock, or different threads nested the same \
      locks both ways), ordering (the nesting was seen one way only, or never by different threads on the \
      same locks, or needs a writer that was not seen), excluded (something structural keeps every seen combination from happening).
      """
    case .contextInversion:
      """
      A lock is taken inside an interrupt or signal handler, and somewhere held while that interrupt could \
      come. If it comes there, the handler waits for a lock that only the code below it can release: the \
      thread waits for itself.
      """
    case .contextOrderInversion:
      """
      A lock A is taken in an interrupt; a lock B is held somewhere while that interrupt could come; and \
      somewhere B is taken while A is held. The thread that holds A waits for B, whose holder is \
      interrupted by code that waits for A.
      """
    case .invalidWaitContext:
      """
      A lock that may put its thread to sleep is asked for inside an interrupt, or under a lock that must \
      not be held while sleeping, such as a spinlock. Mutexes and their like sleep; spinlocks sleep on \
      real-time kernels, and so may not be taken under raw spinlocks or in interrupts that are not threaded.

      In a program, sleeping under a lock for which others spin is a warning. A lock that a signal handler \
      takes is none where the signal is masked wherever the lock is held.
      """
    case .nestNotHeld:
      """
      An acquisition claims with nest= that a lock serialises all locks of its class, and that lock is not \
      held; or it was released while a lock nested under it is still held. Then nothing keeps two threads \
      from nesting the locks of the class in different orders.
      """
    case .releaseNotHeld:
      """
      A thread releases a lock, or waits on a condition with it, that it does not hold: nobody holds it, or \
      another thread does, which is named. With most lock types this is undefined behaviour: the next \
      thread gets in while the holder is still inside.
      """
    case .heldAtExit:
      """
      A thread ended while it held a lock. Whoever asks for that lock next waits for ever.
      """
    case .destroyedWhileHeld:
      """
      A lock, or the memory it is in, was destroyed or initialised again while a thread held it. The \
      holder's release then works on something else.
      """
    case .lockCorrupted:
      """
      A lock is used whose memory holds no lock: it was never initialised, or freed, or something else was \
      written over it. What it then does is up to what is there.

      Events do not show it: it is told where a log has it that the kernel found the mark wrong that its spin \
      locks carry ("bad magic").
      """
    case .assertionFailed:
      """
      The program states that a lock is held, not held, or held in a mode, and the trace says otherwise.
      """
    case .pinViolated:
      """
      A lock was pinned: code relies on its not being released until it is unpinned, and it was.
      """
    case .unbalancedContext:
      """
      A context was left that was not entered, or with a lock still held that was taken inside it: the \
      interrupted code goes on with a lock it knows nothing of.
      """
    case .waitWhileHolding:
      """
      A condition wait gives up its own lock only. Another lock that stays held blocks everyone who needs it \
      for as long as the wait lasts, and if that is the thread that would signal, for ever.
      """
    case .referenceCountMisused:
      """
      A reference count rose from zero: somebody held on to an object that was about to be freed. Or it was \
      lowered below zero: somebody gave up a reference twice. Or it reached its greatest value: then it stays \
      there and the object is never freed, which is a leak and better than a use after free.
      """
    case .heldAcrossSuspension:
      """
      A task took a lock and was suspended, at an await, before it gave the lock up. It may go on in another \
      thread, which does not have the lock and cannot give it up; and until it goes on nobody else gets the \
      lock, though the threads of the pool may all be waiting for it. It is seen when the task gives the lock \
      up in another thread, when another task takes a lock in the thread that the first one left, or when \
      the task waits for an AsyncMutex or AsyncSemaphore.
      """
    case .resumedWhileHolding:
      """
      A continuation was resumed while a lock was held. What it resumes may run at once, on another thread, and \
      ask for the same lock; the runtime takes locks of its own while it schedules the task, and calls the \
      executor that the program gave it. Under a lock that these may ask for too that is a deadlock.
      """
    case .declaredOrder:
      """
      A policy file declares the order of two classes, and they were taken the other way round; or a lock was \
      taken under one that is declared a leaf, or while another was held that it may never be held together \
      with. One such acquisition is enough, whether or not there is a cycle.

      It is looked for where a policy file is in force: one that --policy names, or a gate's .lockgraph.yml.
      """
    case .stillWaiting:
      """
      The trace ends while threads wait: for a lock, for the end of a thread, on a condition. The finding \
      names what they go back to: threads that wait for each other, a thread that has ended or waits for \
      nothing, a signal that nobody gave, a lock that nobody holds as far as the trace tells. If the program \
      hung, that is where; if the recording was only cut off, it is nothing.

      What still waits is in every report. It is a finding where --fail-on-waits is given.
      """
    case .longHold:
      """
      It is declared for how long locks of the class may be held, and one was held for longer. Whoever asks for \
      it meanwhile waits as long. The finding shows the longest of these holds, from where it was taken to where \
      it was given up; a condition wait ends a hold, and another one begins behind it.

      It is looked for where a policy file with limits is in force, in traces that have times; and in running \
      programs that validate their locks, where LOCKGRAPH_LIMITS declares limits.
      """
    case .longWait:
      """
      It is declared for how long locks of the class may be waited for, and a thread waited for longer, whether \
      it got the lock in the end or not. The finding shows the longest of these waits.

      It is looked for where a policy file with limits is in force, in traces that have times and tell when a \
      lock is asked for; and in running programs that validate their locks, where LOCKGRAPH_LIMITS declares \
      limits.
      """
    }
  }

  /// What usually helps; `nil` where the meaning says all there is.
  public var advice: String? {
    switch self {
    case .deadlock:
      """
      Give the locks one order and keep to it, or let one of the waiters give up \
      (trylock with back-off, a time-out, an interruptible wait).
      """
    case .lockOrderInversion:
      """
      Take the locks in one order everywhere; release the first before taking the second; put \
      a common lock around both; try the second and back off.
      """
    case .recursiveAcquisition:
      """
      For one lock: do not take it again, pass on that it is held; or make it a recursive one \
      (kind=recursive). For locks of one class: let the class be judged by instance (nesting=by-instance), \
      take them by rank (rank=), name the lock that serialises them (nest=), or give them nesting levels \
      (subclass=).
      """
    case .contextInversion:
      """
      Mask the interrupt or signal wherever the lock is taken outside of it.
      """
    case .contextOrderInversion:
      """
      Mask the interrupt wherever B is held, or do not take B under A.
      """
    case .invalidWaitContext:
      """
      Take the sleeping lock first, or one that spins; in an interrupt, leave the work to a thread.
      """
    case .nestNotHeld:
      """
      Take the outer lock first, and release it last.
      """
    case .releaseNotHeld:
      """
      Release in the thread that took the lock; look for a second release on an error path. \
      Semaphores and completions may be signalled by any thread and are not reported.
      """
    case .heldAtExit:
      """
      Release on every way out, by scope (withLock) rather than by hand.
      """
    case .destroyedWhileHeld:
      """
      Destroy only what nobody can hold any more; join the threads or drop the references first.
      """
    case .lockCorrupted:
      """
      Look at who initialises the lock and who frees what it is in; where it is overwritten, a memory checker \
      (KASAN, AddressSanitizer) tells by whom.
      """
    case .assertionFailed:
      """
      Take the lock on every way that leads there, or correct the assertion.
      """
    case .pinViolated:
      """
      Release after the unpin; look for a helper that drops the lock and takes it again.
      """
    case .unbalancedContext:
      """
      Release in the handler what was taken in it, and leave and unmask as often as entered and masked.
      """
    case .waitWhileHolding:
      """
      Release the other lock before waiting.
      """
    case .referenceCountMisused:
      """
      Take references from somebody who has one; where the object may be gone, retainUnlessZero().
      """
    case .heldAcrossSuspension:
      """
      Give the lock up before the await, by withLock, which cannot be left with the lock held. Where the lock \
      must be kept meanwhile, make it an AsyncMutex, for which tasks wait without a thread.
      """
    case .resumedWhileHolding:
      """
      Take the continuation out of what the lock protects, give the lock up, and resume it then.
      """
    case .declaredOrder:
      """
      Take the locks in the declared order, or release the first before taking the second. If the order is \
      meant to be another, change the declaration; if this one place is right, ignore it with a reason.
      """
    case .stillWaiting:
      """
      Look at the root: what would have to happen for it to go on, and who would do that. Record the program \
      to its end, or leave --fail-on-waits out, where the recording was cut off.
      """
    case .longHold:
      """
      Do what takes long before the lock is taken or after it is given up; copy what is needed under it; or \
      give each part a lock of its own. If the hold is meant to be that long, raise the limit of the class.
      """
    case .longWait:
      """
      `lockdep-check stats` tells who had the lock meanwhile, and for how long. Shorten these holds, or use a \
      read-write lock where most only read.
      """
    }
  }

  /// A trace that violates the rule, in the text trace format.
  public var example: String {
    switch self {
    case .deadlock:
      """
      T1 acquire A
      T2 acquire B
      T1 request B
      T2 request A
      """
    case .lockOrderInversion:
      """
      T1 acquire A
      T1 acquire B
      T1 release B
      T1 release A
      T2 acquire B
      T2 acquire A
      T2 release A
      T2 release B
      """
    case .recursiveAcquisition:
      """
      T1 acquire a class=Account
      T1 acquire b class=Account
      T1 release b
      T1 release a
      """
    case .contextInversion:
      """
      T1 enter hardirq
      T1 acquire L kind=spin
      T1 release L
      T1 leave hardirq
      T1 acquire L
      T1 release L
      """
    case .contextOrderInversion:
      """
      T1 enter hardirq
      T1 acquire A kind=spin
      T1 release A
      T1 leave hardirq
      T2 acquire B kind=spin
      T2 release B
      T3 disable hardirq
      T3 acquire A
      T3 acquire B
      T3 release B
      T3 release A
      T3 enable hardirq
      """
    case .invalidWaitContext:
      """
      T1 acquire S kind=spin
      T1 acquire M kind=mutex
      """
    case .nestNotHeld:
      """
      T1 acquire a class=Node
      T1 acquire b class=Node nest=tree
      """
    case .releaseNotHeld:
      """
      T1 acquire L
      T2 release L
      """
    case .heldAtExit:
      """
      T1 acquire L
      T1 exit
      """
    case .destroyedWhileHeld:
      """
      T1 acquire L
      T2 destroy L
      """
    case .lockCorrupted:
      """
      # [  274.404696] BUG: spinlock bad magic on CPU#2, sysctl/111
      # [  274.405362]  lock: the_lock+0x0/0x40, .magic: 00000000, .owner: <none>/-1, .owner_cpu: 0
      """
    case .assertionFailed:
      """
      T1 assert L held
      """
    case .pinViolated:
      """
      T1 acquire L
      T1 pin L
      T1 release L
      """
    case .unbalancedContext:
      """
      T1 enter softirq
      T1 acquire L kind=spin
      T1 leave softirq
      """
    case .waitWhileHolding:
      """
      T1 acquire A
      T1 acquire M
      T1 wait ready lock=M
      """
    case .referenceCountMisused:
      """
      # let count = RefCount()
      # _ = count.release()    the last reference
      # count.retain()         from zero: a finding
      """
    case .heldAcrossSuspension:
      """
      # func begin() { lock.lock() }       what hides it from the compiler
      # func end() { lock.unlock() }
      # begin(); await store(); end()      perhaps in another thread: a finding
      """
    case .resumedWhileHolding:
      """
      # try await withValidatedThrowingContinuation { waiting = $0 }
      # lock.withLock { waiting?.resume() }      under the lock: a note
      """
    case .declaredOrder:
      """
      # .lockgraph.yml declares: order: [Account, Ledger]
      T1 acquire Ledger
      T1 acquire Account
      """
    case .stillWaiting:
      """
      T1 acquire A
      T1 acquire M
      T1 wait ready lock=M
      T2 request A
      """
    case .longHold:
      """
      # .lockgraph.yml declares: limits: {A: {hold: 50ms}}
      [1.000] T1 acquire A
      [1.250] T1 release A
      """
    case .longWait:
      """
      # .lockgraph.yml declares: limits: {A: {wait: 1s}}
      [1.0] T1 acquire A
      [1.5] T2 request A
      [4.0] T1 release A
      [4.0] T2 acquire A
      """
    }
  }
}
