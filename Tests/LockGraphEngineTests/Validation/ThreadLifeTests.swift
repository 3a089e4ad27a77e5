import LockGraphEngine
import TestSupport
import Testing

/// A thread that begins under the name of one that ended: semantics 17 and 21.
@Suite struct ThreadLifeTests {
  @Test func `A lock that was given up for a wait is not the next life's`() throws {
    let next = "T exit\nM spawn T\n"
    let text = "T acquire A read\nT wait c lock=A\n"
    #expect(
      try analyze(text + "T wake c lock=A\nT assert A write\n").findings(.assertionFailed).count
        == 1)
    #expect(
      try analyze(text + next + "T wake c lock=A\nT assert A write\n").findings(.assertionFailed)
        .isEmpty)
  }

  @Test func `A pin is not the next life's`() throws {
    let text = "T acquire A\nT pin A\nT exit\nM spawn T\nT acquire A\nT release A\n"
    #expect(try analyze(text).findings(.pinViolated).isEmpty)
    #expect(
      try analyze(text.replacing("T release", with: "T pin A\nT release")).findings(.pinViolated)
        .count == 1)
  }
}
