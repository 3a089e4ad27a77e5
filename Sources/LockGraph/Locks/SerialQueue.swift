#if canImport(Dispatch)
  public import CLockGraph
  public import Dispatch

  /// A serial dispatch queue whose `sync` is an acquisition: to wait for a queue is to wait for
  /// whatever runs on it.
  ///
  /// So `sync` on a queue from code that runs on it, which never returns, is reported before it
  /// hangs, and so are queues that wait for each other, and queues and locks.
  ///
  /// Thread-safe. Code on the queue runs with the queue held; `sync` runs its closure in the
  /// calling thread.
  public final class SerialQueue: ValidatedLockProtocol, @unchecked Sendable {
    @usableFromInline let header: LockHeader
    /// The dispatch queue. What is put there directly is not seen.
    public let queue: DispatchQueue

    /// - Parameters:
    ///   - label: the queue's label, and the name of its class.
    ///   - target: the queue that runs it; `nil` is the system's choice.
    ///   - lockClass: its class, instead of the label's.
    ///   - rank: queues of one class may be waited for on each other in strictly rising rank.
    public init(
      label: String, qos: DispatchQoS = .unspecified, target: DispatchQueue? = nil,
      lockClass: LockClass? = nil, rank: Int? = nil, file: StaticString = #fileID,
      line: UInt32 = #line, column: UInt32 = #column
    ) {
      queue = DispatchQueue(label: label, qos: qos, target: target)
      header = LockHeader(
        kind: LG_KIND_QUEUE, name: label.isEmpty ? nil : label, lockClass: lockClass, rank: rank,
        file: file, line: line, column: column)
    }

    /// The lock's words; for this package only.
    public var _header: UnsafeMutablePointer<lg_lock> { header.address }

    /// Waits until what was put before is done, and runs a closure on the queue.
    ///
    /// - Parameters:
    ///   - subclass: the nesting level within its class, from 0 to 7.
    ///   - outer: a lock that is held and lets one thread at a time wait for several queues of this
    ///     class.
    @inlinable
    public func sync<Result, Failure: Error>(
      subclass: Int = 0, nestedUnder outer: LockIdentity? = nil, file: StaticString = #fileID,
      line: UInt32 = #line, column: UInt32 = #column, execute body: () throws(Failure) -> Result
    ) throws(Failure) -> Result {
      #if Validation
        let site = lg_site(file: file, line: line, column: column)
        let thread = lg_current() ?? LockRuntime.requiredThread
        let traits = LockRuntime.traits(subclass: subclass, nest: outer?.number)
        let nest = outer?.number ?? 0
        LockRuntime.admitQueue(thread, _header, traits: traits, nest: nest, site)
        // The queue's way for closures with a result costs as much again.
        var outcome: Swift.Result<Result, Failure>?
        queue.sync { () -> Void in
          LockRuntime.leaveQueueWait(thread, _header)
          let runner = lg_current() ?? LockRuntime.requiredThread
          LockRuntime.enterQueue(runner, _header, traits: traits, nest: nest, site)
          defer { LockRuntime.leaveQueue(runner, _header) }
          do throws(Failure) { outcome = .success(try body()) } catch { outcome = .failure(error) }
        }
      #else
        var outcome: Swift.Result<Result, Failure>?
        queue.sync { () -> Void in
          do throws(Failure) { outcome = .success(try body()) } catch { outcome = .failure(error) }
        }
      #endif
      return try outcome!.get()
    }

    /// Runs a closure on the queue some time.
    public func async(
      file: StaticString = #fileID, line: UInt32 = #line, column: UInt32 = #column,
      execute body: @escaping @Sendable () -> Void
    ) {
      let site = lg_site(file: file, line: line, column: column)
      queue.async { self.run(site, body) }
    }

    /// Runs a closure on the queue at a time or later.
    public func asyncAfter(
      deadline: DispatchTime, file: StaticString = #fileID, line: UInt32 = #line,
      column: UInt32 = #column, execute body: @escaping @Sendable () -> Void
    ) {
      let site = lg_site(file: file, line: line, column: column)
      queue.asyncAfter(deadline: deadline) { self.run(site, body) }
    }

    private func run(_ site: lg_site, _ body: () -> Void) {
      #if Validation
        let thread = LockRuntime.requiredThread
        // Nobody waits for it to begin.
        LockRuntime.enterQueue(thread, _header, traits: LG_TRY, nest: 0, site)
        defer { LockRuntime.leaveQueue(thread, _header) }
      #endif
      body()
    }
  }
#endif
