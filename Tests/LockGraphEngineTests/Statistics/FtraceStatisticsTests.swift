import LockGraphEngine
import TestSupport
import Testing

@Suite struct FtraceStatisticsTests {
  private let lock = "00000000d62be939 lock_a"

  @Test func `What is contended becomes a wait, from there to where the lock is acquired`() throws {
    var trace = KernelTrace()
    trace.add("lock_acquire", lock, task: "one-10")
    trace.add("lock_acquire", lock, task: "two-11", cpu: 1)
    trace.add("lock_contended", lock, task: "two-11", cpu: 1)
    trace.add("lock_release", lock, task: "one-10")
    trace.add("lock_acquired", lock, task: "two-11", cpu: 1)
    trace.add("lock_release", lock, task: "two-11", cpu: 1)
    let mode = try #require(measure(trace.text)["lock_a"]?.write)
    #expect(mode.acquisitions == 2)
    #expect(mode.contentions == 1)
    #expect(mode.wait?.total == 2000)
    #expect(mode.hold?.minimum == 1000)
    #expect(mode.hold?.maximum == 3000)
  }

  @Test func `A read that is contended stays one, and one that gives up is no acquisition`() throws
  {
    var trace = KernelTrace()
    trace.add("lock_acquire", "00000000d62be939 read lock_a", task: "one-10")
    trace.add("lock_contended", lock, task: "one-10")
    trace.add("lock_acquired", lock, task: "one-10")
    trace.add("lock_release", lock, task: "one-10")
    trace.add("lock_acquire", lock, task: "one-10")
    trace.add("lock_contended", lock, task: "one-10")
    trace.add("lock_release", lock, task: "one-10")
    let lockClass = try #require(measure(trace.text)["lock_a"])
    #expect(lockClass.read?.acquisitions == 1)
    #expect(lockClass.read?.contentions == 1)
    #expect(lockClass.write?.acquisitions == 0)
    #expect(lockClass.write?.abandoned.reasons.map(\.name) == ["interrupted"])
  }

  @Test func `A wait that the clock did not see is one all the same`() throws {
    var trace = KernelTrace()
    trace.add("lock_acquire", lock)
    trace.add("lock_contended", lock)
    trace.add("lock_acquired", lock)
    let lines = trace.text.replacing("318853", with: "318852")
    let mode = try #require(measure(lines)["lock_a"]?.write)
    #expect(mode.contentions == 1)
    #expect(mode.wait?.total == 0)
  }

  @Test func `Clocks that count something else give no times`() throws {
    var trace = KernelTrace()
    trace.nest(lock)
    let statistics = try measure(trace.text.replacing("16.31", with: "1631"))
    #expect(!statistics.hasTimes)
    #expect(statistics["lock_a"]?.write?.acquisitions == 1)
  }
}
