#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#endif

#if os(Linux)
  // What `/proc` tells of threads. There may be thousands, so each file is read once, and none that
  // tells nothing new.
  extension LiveProcess {
    package func threads() -> [ObservedThread] {
      withTasks { numbers, folder in numbers.compactMap { thread($0, in: folder) } } ?? []
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
        for number in numbers { pulses[number] = Self.runs(of: number, in: folder) }
        return pulses
      }
      return pulses ?? [:]
    }

    package func pulse(of thread: Int32) -> Pulse? {
      guard let folder = openTasks() else { return nil }
      defer { close(folder) }
      return countsRuns
        ? Self.runs(of: thread, in: folder) : self.thread(thread, in: folder)?.pulse
    }

    private func openTasks() -> Int32? {
      let folder = open("/proc/\(identifier)/task", O_RDONLY | O_DIRECTORY | O_CLOEXEC)
      return folder >= 0 ? folder : nil
    }

    private func withTasks<Value>(_ body: ([Int32], Int32) -> Value) -> Value? {
      guard case .success(let numbers) = SystemFile.numbers(in: "/proc/\(identifier)/task"),
        let folder = openTasks()
      else { return nil }
      defer { close(folder) }
      return body(numbers, folder)
    }

    /// Whether the system tells at all which calls threads are in.
    private static let tellsCalls = access("/proc/self/syscall", F_OK) == 0

    /// Whether the kernel counts how often threads are given a processor.
    static let kernelCountsRuns: Bool = {
      guard case .success(let text) = SystemFile.read("/proc/thread-self/schedstat") else {
        return false
      }
      return pulse(in: text) != nil
    }()

    /// A thread; `nil` if it has gone meanwhile.
    private func thread(_ number: Int32, in folder: Int32) -> ObservedThread? {
      var thread = ObservedThread(
        identifier: number, ownIdentifier: number, name: "", activity: .running)
      var switches: UInt64 = 0
      if countsRuns, sharesNumbers {
        guard case .success(let name) = SystemFile.readShort("comm", of: number, in: folder) else {
          return nil
        }
        thread.name = String(decoding: name.dropLast(), as: UTF8.self)
      } else {
        // The counter first: if it is the same at a later look, the call is the same wait.
        guard let fields = Self.status(of: number, in: folder) else { return nil }
        thread.ownIdentifier = fields.innermostIdentifier ?? number
        thread.name = fields.name
        switches = fields.switches
        if fields.hasEnded { thread.activity = .ended }
      }
      if thread.activity == .ended { return thread }
      switch SystemFile.readShort("syscall", of: number, in: folder) {
      case .failure(let error):
        // The file may be missing on the whole machine, as in sandboxes.
        if error.value == ESRCH || error.value == ENOENT && Self.tellsCalls { return nil }
        thread.activity = .unreadable(error.value)
      case .success(let text):
        (thread.activity, thread.registers) = Self.activity(text, architecture)
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
        ? Self.runs(of: number, in: folder)
        : .seen(switches: switches, thread.activity)
      return thread
    }

    private static func status(of number: Int32, in folder: Int32) -> StatusFields? {
      guard case .success(let text) = SystemFile.readShort("status", of: number, in: folder) else {
        return nil
      }
      return StatusFields(text)
    }

    private static func runs(of number: Int32, in folder: Int32) -> Pulse? {
      guard case .success(let text) = SystemFile.readShort("schedstat", of: number, in: folder)
      else { return nil }
      return pulse(in: text)
    }

    /// What `schedstat` says: three numbers, which are zero where nothing is counted.
    static func pulse(in text: [UInt8]) -> Pulse? {
      let numbers = text.split { $0 == 0x20 || $0 == 0x0A }.compactMap(decimal)
      guard numbers.count == 3, numbers[2] > 0 else { return nil }
      return .scheduled(
        ran: UInt64(numbers[0]), waited: UInt64(numbers[1]), times: UInt64(numbers[2]))
    }

    /// What `syscall` says: `running`, `-1 SP PC`, or a number, six arguments, SP and PC.
    static func activity(
      _ text: [UInt8], _ architecture: Architecture
    ) -> (ObservedThread.Activity, Registers) {
      let words = text.split { $0 == 0x20 || $0 == 0x0A }
      var registers = Registers()
      guard words.count >= 3, let number = decimal(words[0]) else { return (.running, registers) }
      let values = words.dropFirst().map(hexadecimalValue)
      let (stack, counter) = (values[values.count - 2], values[values.count - 1])
      registers[architecture.stackPointer] = stack
      registers[architecture.programCounter] = counter
      guard values.count == 8, number >= 0 else { return (.asleep, registers) }
      let call = SystemCall(
        number: number, arguments: Array(values[..<6]), stackPointer: stack,
        programCounter: counter)
      return (.inSystemCall(call), registers)
    }
  }
#endif
