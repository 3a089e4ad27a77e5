import Foundation
import LockGraphEngine

/// A small log of a kernel as people have it, and what is in it.
public struct KernelLogFile: Sendable, CustomStringConvertible {
  public let name: String
  /// Rule, confidence and classes of each finding, as `Analysis.verdicts` has them.
  public let verdicts: [String]
  /// A part of a remark about the input.
  public let remark: String?

  public var description: String { name }
  public var path: String {
    "\(BuiltProducts.packageRoot)/Tests/KernelLogs/\(name).txt"
  }
  public var text: String {
    get throws { try String(contentsOfFile: path, encoding: .utf8) }
  }

  init(_ name: String, _ verdicts: [String], remark: String? = nil) {
    self.name = name
    self.verdicts = verdicts
    self.remark = remark
  }

  private static let off = "the kernel's validator gave up at line"

  /// All files of `Tests/KernelLogs`.
  public static let all: [KernelLogFile] = [
    .init("ansi-colours", ["held-at-exit &card->mutex"], remark: off),
    .init("arm32-backtrace", ["held-at-exit &a->mutex"]),
    .init("arm64-dump-backtrace", ["release-not-held &a->lock"]),
    .init(
      "bcc-deadlock",
      ["lock-order-inversion feasible main::static_mutex mutex taken in first_way()"]),
    .init(
      "class-number-31", ["lock-order-inversion ordering &b->mutex &type->s_umount_key#31"]),
    .init("class-number-8", ["lock-order-inversion ordering &b->mutex &type->s_umount_key#8"]),
    .init("clean-dmesg-T", []),
    .init("cut-off-chain", ["lock-order-inversion ordering &a->lock &c->lock"]),
    .init("decoded-lock-line", ["destroyed-while-held &pool->lock"]),
    .init("dev-kmsg", ["invalid-wait-context target_list_lock &x->raw"]),
    .init("dmesg-caller-space", ["recursive-acquisition ordering &a->lock"]),
    .init("firmware-before-kernel", ["recursive-acquisition ordering &a->lock"]),
    .init("freebsd-duplicate", ["recursive-acquisition ordering drv lock"]),
    .init("freebsd-sleepable", ["invalid-wait-context drv lock"]),
    .init("freebsd-witness", ["lock-order-inversion ordering ufs vm map (user)"]),
    .init("ftrace-dump-in-log", ["lock-order-inversion feasible ldt_a ldt_b"]),
    .init("hand-shortened", ["lock-order-inversion ordering &d->mutex &mm->mmap_lock"]),
    .init("html-escaped", ["lock-order-inversion ordering &x->lock ldt_b"]),
    .init("hung-task-behind-runner", []),
    .init(
      "hung-tasks-likely-owned",
      [
        "deadlock observed mutex that kworker waits for mutex that manager waits for",
        "lock-order-inversion feasible mutex that kworker waits for mutex that manager waits for",
      ]),
    .init(
      "hung-tasks-with-locks",
      [
        "deadlock observed &a->mutex &b->mutex",
        "lock-order-inversion feasible &a->mutex &b->mutex",
      ]),
    .init("inlined-held-locks", ["invalid-wait-context &a->mutex &c->spin"]),
    .init(
      "interleaved-callers", ["assertion-failed", "assertion-failed"]),
    .init(
      "irq-inversion-other-side", ["context-order-inversion &peer->lock &p->alloc_lock"]),
    .init("journalctl-short-monotonic", ["held-at-exit &card->mutex"]),
    .init("mail-wrapped", ["invalid-wait-context &v->local.lock &v->float.lock"]),
    .init("mutex-warning", ["assertion-failed", "assertion-failed"]),
    .init("netbsd-lockdebug", ["deadlock observed lock used in drv_ioctl"]),
    .init(
      "non-static-key", ["assertion-failed"],
      remark: "\(off) 4 and reports nothing after it: INFO: trying to register non-static key."),
    .init("openbsd-witness", ["lock-order-inversion ordering &ip->i_lock &map->lock"]),
    .init(
      "powerpc-and-s390-stacks", ["release-not-held &a->lock", "release-not-held &b->lock"]),
    .init(
      "quoted-continuation-lines", ["lock-order-inversion ordering &a->mutex &b->mutex"]),
    .init("quoted-without-times", ["recursive-acquisition ordering &a->lock"]),
    .init("rsyslog-octal-newline", ["lock-order-inversion ordering &a->mutex &b->mutex"]),
    .init("scheduling-while-atomic", ["invalid-wait-context &d->spin"]),
    .init("sleeping-function", ["invalid-wait-context &a->spin"]),
    .init("sleeping-without-lockdep", ["invalid-wait-context"]),
    .init(
      "spinlock-debug",
      [
        "deadlock observed cpu_lock", "release-not-held unnamed spin lock",
        "lock-corrupted unnamed spin lock",
      ]),
    .init("splat_abba_interruptible", ["lock-order-inversion ordering ldt_a ldt_b"]),
    .init("splat_irq_safe_unsafe", ["context-order-inversion ldt_s1 ldt_s2"]),
    .init("splat_recursive_class", ["recursive-acquisition ordering &o->lock"]),
    .init("still-held-in-freezer", ["held-at-exit &c->barrier"]),
    .init("workqueue-leaked-lock", ["held-at-exit fs_reclaim", "held-at-exit rcu_read_lock"]),
  ]

  public static func named(_ name: String) -> KernelLogFile { all.first { $0.name == name }! }
}
