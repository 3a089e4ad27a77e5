#if !Validation
  import CLockGraph

  /// What stands where the validator is where locks are validated: it is told nothing, and knows
  /// nothing but its configuration.
  struct BareValidator {
    var configuration: LockValidator.Configuration

    func setHandler(_ handler: (@Sendable (LockValidator.Report) -> Void)?) {}
    func waitForHandler(atMost limit: Duration) -> Bool { true }
    func addObserver(_ body: @escaping @Sendable (LockValidator.Report) -> Void) -> Int? { 0 }
    func removeObserver(_ number: Int) {}
    func setScope(_ current: @escaping @Sendable () -> UInt64) {}
    func deliverLateNews() {}

    func analysis() -> Analysis? { nil }
    func findings() -> [Finding] { [] }
    func waitStatistics() -> [WaitStatistics] { [] }
    func graphFile() -> [UInt8]? { nil }
  }

  /// The ways in and out of locks that are not validated.
  @usableFromInline
  enum LockRuntime {
    private static let state = InternalLock { BareValidator(configuration: .fromEnvironment) }

    static func begin() -> BareValidator? { state.withLock { $0 } }

    static func replaceState(_ configuration: LockValidator.Configuration) {
      _ = state.withLock { $0.configuration = configuration }
    }

    /// The record of the running thread, made at its first use.
    @usableFromInline
    static var requiredThread: UnsafeMutablePointer<lg_thread> {
      guard let thread = lg_current() ?? lg_thread_begin() else {
        fatalError("LockGraph: no memory for a thread")
      }
      return thread
    }

    static var openWaits: String { "" }

    static func assert(
      _ assertion: LockAssertion, _ lock: UnsafeMutablePointer<lg_lock>, _ site: lg_site
    ) {}

    static func mightLock(_ lock: UnsafeMutablePointer<lg_lock>, _ site: lg_site) {}
  }

  /// The names of lock classes that the program makes itself; nothing belongs to them.
  enum LockClassRegistry {
    private struct Names {
      var all = ["a class that could not be registered"]
      var numbers: [String: UInt32] = [:]
    }

    private static let names = InternalLock { Names() }

    static func number(named name: String, nestsByInstance: Bool = false) -> UInt32 {
      names.withLock { names in
        if let known = names.numbers[name] { return known }
        let number = UInt32(names.all.count)
        names.all.append(name)
        names.numbers[name] = number
        return number
      } ?? 0
    }

    static func name(_ number: UInt32) -> String {
      names.withLock { $0.all[Int(number)] } ?? "class \(number)"
    }
  }
#endif
