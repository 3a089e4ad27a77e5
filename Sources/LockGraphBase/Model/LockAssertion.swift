/// What `assert` claims of a lock.
package enum LockAssertion: UInt8, Sendable { case held, notHeld, read, write }
