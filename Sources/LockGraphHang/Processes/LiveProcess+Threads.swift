#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#endif

#if os(Linux)
  // What `/proc` tells of threads. There may be thousands, so each file is opened once, and none
  // that tells nothing new is read.
  extension LiveProcess {
    package func threads(since known: [Int32: ObservedThread]) -> [ObservedThread] {
      withTasks { numbers, folder in
        numbers.compactMap { thread($0, in: folder, known[$0]) }
      } ?? []
    }

    package func pulses() -> [Int32: Pulse] {
      guard countsRuns else {
        return Dictionary(
          threads().compactMap { thread in thread.pulse.map { (thread.identifier, $0) } },
          uniquingKeysWith: { $1 })
      }
      let pulses = withTasks { numbers, folder in
        var pulses: [Int32: Pulse] = [:]
        pulses.reserveCapacity(numbers.count)
        for number in numbers { pulses[number] = runs(of: number, in: folder) }
        return pulses
      }
      return pulses ?? [:]
    }

    package func pulse(of thread: Int32) -> Pulse? {
      guard let folder = taskFolder else { return nil }
      return countsRuns
        ? runs(of: thread, in: folder) : self.thread(thread, in: folder, nil)?.pulse
    }

    private func withTasks<Value>(_ body: ([Int32], Int32) -> Value) -> Value? {
      guard case .success(let numbers) = SystemFile.numbers(in: "/proc/\(identifier)/task"),
        let folder = taskFolder
      else { return nil }
      return body(numbers, folder)
    }

    /// Whether the system tells at all which calls threads are in.
    private static let tellsCalls = access("/proc/self/syscall", F_OK) == 0

    /// Whether the kernel counts how often threads are given a processor.
    static let kernelCountsRuns: Bool = {
      guard case .success(let text) = SystemFile.read("/proc/thread-self/schedstat") else {
        return false
      }
      return text.withUnsafeBytes(pulse) != nil
    }()

    /// A thread; `nil` if it has gone meanwhile.
    ///
    /// - Parameter known: as it was seen before. Who is in the same call is as it was then, if a
    ///   later look at its pulse shows that it has not run.
    private func thread(
      _ number: Int32, in folder: Int32, _ known: ObservedThread?
    ) -> ObservedThread? {
      var thread = ObservedThread(
        identifier: number, ownIdentifier: number, name: "", activity: .running)
      if countsRuns, let known, known.pulse != nil, case .inSystemCall = known.activity,
        case .success(let (activity, _)) = call(of: number, in: folder),
        activity == known.activity
      {
        return known
      }
      var switches: UInt64 = 0
      if countsRuns, sharesNumbers {
        guard
          case .success(let name) = SystemFile.readShort(
            "comm", of: number, in: folder, { String(decoding: $0.dropLast(), as: UTF8.self) })
        else { return nil }
        thread.name = name
      } else {
        // The counter first: if it is the same at a later look, the call is the same wait.
        guard let fields = Self.status(of: number, in: folder) else { return nil }
        thread.ownIdentifier = fields.innermostIdentifier ?? number
        thread.name = fields.name
        switches = fields.switches
        if fields.hasEnded { thread.activity = .ended }
      }
      if thread.activity == .ended { return thread }
      switch call(of: number, in: folder) {
      case .failure(let error):
        // The file may be missing on the whole machine, as in sandboxes.
        if error.value == ESRCH || error.value == ENOENT && Self.tellsCalls { return nil }
        thread.activity = .unreadable(error.value)
      case .success(let (activity, registers)):
        (thread.activity, thread.registers) = (activity, registers)
      }
      switch thread.activity {
      case .asleep, .unreadable:
        // What has ended is in no call, too.
        guard let fields = Self.status(of: number, in: folder) else { return nil }
        if fields.hasEnded {
          thread.activity = .ended
          return thread
        }
      default: break
      }
      thread.pulse =
        countsRuns
        ? runs(of: number, in: folder)
        : .seen(switches: switches, thread.activity)
      return thread
    }

    private static func status(of number: Int32, in folder: Int32) -> StatusFields? {
      let text = SystemFile.readShort("status", of: number, in: folder) { Array($0) }
      guard case .success(let text) = text else { return nil }
      return StatusFields(text)
    }

    private func call(
      of number: Int32, in folder: Int32
    ) -> Result<(ObservedThread.Activity, Registers), ErrorNumber> {
      callFiles.read("syscall", of: number, in: folder) { Self.activity($0, architecture) }
    }

    private func runs(of number: Int32, in folder: Int32) -> Pulse? {
      let pulse = runFiles.read("schedstat", of: number, in: folder, Self.pulse)
      guard case .success(let pulse) = pulse else { return nil }
      return pulse
    }

    /// What `schedstat` says: three numbers, which are zero where nothing is counted.
    static func pulse(in text: UnsafeRawBufferPointer) -> Pulse? {
      var numbers = FileNumbers(text)
      guard let ran = numbers.decimal(), let waited = numbers.decimal(),
        let times = numbers.decimal(), times > 0
      else { return nil }
      return .scheduled(ran: UInt64(ran), waited: UInt64(waited), times: UInt64(times))
    }

    /// What `syscall` says: `running`, `-1 SP PC`, or a number, six arguments, SP and PC.
    static func activity(
      _ text: UnsafeRawBufferPointer, _ architecture: Architecture
    ) -> (ObservedThread.Activity, Registers) {
      var registers = Registers()
      var numbers = FileNumbers(text)
      guard let number = numbers.decimal() else { return (.running, registers) }
      var values: [UInt64] = []
      values.reserveCapacity(8)
      while let value = numbers.hexadecimal() { values.append(value) }
      guard values.count >= 2 else { return (.running, registers) }
      let counter = values.removeLast()
      let stack = values.removeLast()
      registers[architecture.stackPointer] = stack
      registers[architecture.programCounter] = counter
      guard values.count == 6, number >= 0 else { return (.asleep, registers) }
      let call = SystemCall(
        number: number, arguments: values, stackPointer: stack, programCounter: counter)
      return (.inSystemCall(call), registers)
    }
  }
#endif
