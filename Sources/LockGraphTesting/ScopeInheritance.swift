import CLockGraphTesting
import LockGraph

/// Scopes that threads and blocks of dispatch inherit from the code that starts them, beside tasks,
/// which inherit them as every task-local value.
///
/// Followed, on Linux with glibc: `pthread_create`, and so `Thread`; `async`, `asyncAfter`,
/// `notify` and `concurrentPerform` of dispatch; a `DispatchWorkItem` from where it is made. The
/// functions of dispatch that take a function in place of a block are not followed, nor are event
/// handlers of its sources, detached tasks, and pools of threads that were there before.
enum ScopeInheritance {
  /// Whether threads and blocks are followed here.
  static var followsThreads: Bool { lgt_can_follow() }

  static func prepare() {
    lgt_set_scopes(
      lgt_scopes(
        capture: {
          LockOrderScope.current.map { Unmanaged.passRetained($0).toOpaque() }
        },
        run: { scope, isOwnThread, body, context in
          let scope = Unmanaged<LockOrderScope>.fromOpaque(scope!).takeUnretainedValue()
          LockOrderScope.$current.withValue(scope) { body!(context) }
          if isOwnThread { LockValidator.attributeRest(to: scope.number) }
        },
        release: { Unmanaged<LockOrderScope>.fromOpaque($0!).release() }))
  }

  /// Whether there is anything to inherit.
  static func isOpen(_ isOpen: Bool) { lgt_set_open(isOpen) }
}
