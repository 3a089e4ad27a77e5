import CLockGraph

/// A checked continuation that tells when it is resumed under a lock of this package: a note,
/// `resumed-while-holding`.
///
/// What is resumed may run at once and ask for that lock; and the runtime takes locks of its own,
/// and calls executors, while it is resumed.
public struct ValidatedContinuation<Success, Failure: Error>: Sendable {
  private let continuation: CheckedContinuation<Success, Failure>

  /// A continuation as the standard library hands it out.
  public init(_ continuation: CheckedContinuation<Success, Failure>) {
    self.continuation = continuation
  }

  /// Lets the task go on with a value.
  public func resume(
    returning value: sending Success, file: StaticString = #fileID, line: UInt32 = #line,
    column: UInt32 = #column
  ) {
    tell(lg_site(file: file, line: line, column: column))
    continuation.resume(returning: value)
  }

  /// Lets the task go on with an error.
  public func resume(
    throwing error: Failure, file: StaticString = #fileID, line: UInt32 = #line,
    column: UInt32 = #column
  ) {
    tell(lg_site(file: file, line: line, column: column))
    continuation.resume(throwing: error)
  }

  /// Lets the task go on with either.
  public func resume(
    with result: sending Result<Success, Failure>, file: StaticString = #fileID,
    line: UInt32 = #line, column: UInt32 = #column
  ) {
    tell(lg_site(file: file, line: line, column: column))
    continuation.resume(with: result)
  }

  private func tell(_ site: lg_site) {
    #if Validation
      LockRuntime.tellResume(site)
    #endif
  }
}

extension ValidatedContinuation where Success == Void {
  /// Lets the task go on.
  public func resume(
    file: StaticString = #fileID, line: UInt32 = #line, column: UInt32 = #column
  ) {
    resume(returning: (), file: file, line: line, column: column)
  }
}

/// `withCheckedContinuation` with a continuation that tells when it is resumed under a lock.
public func withValidatedContinuation<Success>(
  isolation: isolated (any Actor)? = #isolation, function: String = #function,
  _ body: (ValidatedContinuation<Success, Never>) -> Void
) async -> sending Success {
  await withCheckedContinuation(isolation: isolation, function: function) {
    body(ValidatedContinuation($0))
  }
}

/// `withCheckedThrowingContinuation` with a continuation that tells when it is resumed under a
/// lock.
public func withValidatedThrowingContinuation<Success>(
  isolation: isolated (any Actor)? = #isolation, function: String = #function,
  _ body: (ValidatedContinuation<Success, any Error>) -> Void
) async throws -> sending Success {
  try await withCheckedThrowingContinuation(isolation: isolation, function: function) {
    body(ValidatedContinuation($0))
  }
}
