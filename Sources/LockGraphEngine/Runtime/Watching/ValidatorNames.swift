import CLockGraph

/// What the validator calls the threads, tasks, locks, classes and places of the running program.
///
/// Each is made known to the validator at its first use, with its name alone.
struct ValidatorNames {
  private var places = SiteTexts()
  /// Numbers of locks to the validator's numbers.
  private var locks = LockNumberTable()
  private var lockCount: UInt32 = 0
  /// The validator's numbers of tasks that had something new to show.
  private var tasks: [UInt64: ThreadID] = [:]
  /// The validator's numbers of classes, by theirs.
  private var classes: [LockClassID?] = []

  /// The validator's number of a thread, or of the task that runs on it, where that is known.
  ///
  /// - Parameter task: the task's number; 0 outside of tasks.
  mutating func thread(
    _ thread: UnsafeMutablePointer<lg_thread>, task: UInt64 = 0, in validator: inout Validator
  ) -> ThreadID {
    let task = task == 0 && thread == lg_current() ? TaskIdentity.current : task
    if task != 0 { return self.thread(ofTask: task, in: &validator) }
    if thread.pointee.validator_thread != 0 { return ThreadID(thread.pointee.validator_thread - 1) }
    let id = Self.newThread(named: ThreadName.text(thread), in: &validator)
    lg_set_validator_thread(thread, id.rawValue + 1)
    return id
  }

  /// The validator's number of a task.
  mutating func thread(ofTask task: UInt64, in validator: inout Validator) -> ThreadID {
    if let known = tasks[task] { return known }
    let id = Self.newThread(named: TaskIdentity.name(task), in: &validator)
    tasks[task] = id
    return id
  }

  private static func newThread(named name: String, in validator: inout Validator) -> ThreadID {
    var name = name
    let id = name.withUTF8 { validator.newThread(named: UnsafeRawBufferPointer($0)) }
    validator.state.threads[id.index].isMentioned = true
    return id
  }

  /// The validator's number of a lock, and whether it has to be told what the lock is.
  mutating func lock(_ number: UInt64, in table: inout LockTable) -> (number: UInt32, isNew: Bool) {
    if let known = locks.value(number) { return (known, false) }
    let new = lockCount
    lockCount += 1
    locks.insert(number, value: new)
    var name = LockNames.text(number)
    name.withUTF8 { table.add(name: UnsafeRawBufferPointer($0)) }
    return (new, true)
  }

  /// The validator's number of a use's class with its nesting level.
  mutating func lockClass(_ use: LockUse, in table: inout LockTable) -> LockClassID {
    let number = Int(use.lock.classNumber)
    while classes.count <= number { classes.append(nil) }
    if classes[number] == nil {
      classes[number] = table.lockClass(named: LockClassRegistry.nameBytes(use.lock.classNumber))
    }
    return table.subclass(use.taking.flags.subclass, of: classes[number]!)
  }

  /// The number of a place, from 1; 0 is no place.
  mutating func place(_ site: lg_site) -> UInt32 { places.number(site) }

  /// The text of a place by its number, or `nil` for no place; see `SiteTexts`.
  func placeText(_ number: UInt32) -> UnsafeRawBufferPointer? { places.text(number) }
}
