import Testing

@testable import LockGraphEngine

@Suite("Locks of languages' runtimes")
struct RuntimeLockTests {
  private static let lock: UInt64 = 0x7F00_0000_1000

  /// The events of a recording whose places are in a module, without places and first lines.
  private func lines(
    in module: String, _ build: (inout RecordingBuilder) -> Void
  ) throws -> [String] {
    var builder = RecordingBuilder()
    builder.addModule(module, from: 0x1000, to: 0x2000)
    builder.addModule("/usr/lib/_queue.cpython-311-x86_64-linux-gnu.so", from: 0x3000, to: 0x4000)
    builder.addSite(1, [0x1100, 0x1200])
    builder.addSite(2, [0x1100, 0x3100, 0x1200])
    build(&builder)
    return try convertedRecording(builder.bytes).lines.map {
      $0.split(separator: " ").filter { !$0.hasPrefix("stack=") && !$0.hasPrefix("at=") }
        .dropFirst().joined(separator: " ").replacing("0x7f0000001000", with: "L")
    }
  }

  /// As a condition of Python makes a lock, takes it, and waits for who wakes it.
  private func wait(in builder: inout RecordingBuilder) {
    builder.add(1, .initialize, Self.lock, order: 0, site: 1, flags: 0x60)
    builder.add(1, .value, 1)
    builder.add(1, .acquire, Self.lock, order: 1, site: 1, flags: 0x62)
    builder.add(1, .release, Self.lock + 8, order: 1)
    builder.add(1, .wait, Self.lock, order: 1, site: 1, flags: 0x60)
  }

  @Test("A lock of Python that is asked for again by its maker is a signal, and nobody's")
  func condition() throws {
    #expect(
      try lines(in: "/usr/bin/python3.11", wait).filter { $0.contains(" L") } == [
        "init L kind=semaphore permits=1", "acquire L write try kind=semaphore", "post L",
        "request L write kind=semaphore",
      ])
  }

  @Test("So it is taken, too, where it was given back before it had to be waited for")
  func granted() throws {
    let lines = try lines(in: "/usr/bin/python3.11") {
      $0.add(1, .initialize, Self.lock, order: 0, site: 1, flags: 0x60)
      $0.add(1, .acquire, Self.lock, order: 1, site: 1, flags: 0x62)
      $0.add(1, .acquire, Self.lock, order: 2, site: 1, flags: 0x62)
    }
    #expect(
      lines == [
        "init L kind=semaphore", "acquire L write try kind=semaphore", "post L",
        "acquire L write kind=semaphore",
      ])
  }

  @Test("Other programs' semaphores are what they are")
  func others() throws {
    let lines = try lines(in: "/usr/bin/server", wait)
    #expect(!lines.contains("post L"))
  }

  @Test("A lock of Python that others may know has its owner, and waits")
  func known() throws {
    let lines = try lines(in: "/usr/bin/python3.11") {
      $0.add(1, .initialize, Self.lock, order: 0, site: 1, flags: 0x60)
      $0.add(1, .acquire, Self.lock + 8, order: 1, site: 1, flags: 0x62)
      $0.add(1, .acquire, Self.lock, order: 2, site: 1, flags: 0x62)
      $0.add(1, .wait, Self.lock, order: 2, site: 1, flags: 0x60)
    }
    #expect(!lines.contains("post L"))
    #expect(lines.contains("acquire L write kind=semaphore"), "\(lines)")
  }

  @Test("Python's queue has nobody's lock either")
  func queue() throws {
    let lines = try lines(in: "/usr/bin/python3.11") {
      $0.add(1, .acquire, Self.lock, order: 1, site: 2, flags: 0x62)
      $0.add(1, .wait, Self.lock, order: 1, site: 2, flags: 0x60)
    }
    #expect(
      lines == [
        "init L kind=semaphore", "acquire L write kind=semaphore", "post L",
        "request L write kind=semaphore",
      ])
  }

  @Test("Locks of Swift's runtime are left out, but for those of what is made once")
  func swift() throws {
    let once: UInt8 = 0x70
    let lines = try lines(in: "/usr/lib/swift/linux/libswiftCore.so") {
      $0.add(1, .acquire, Self.lock, order: 1, site: 1)
      $0.add(1, .release, Self.lock, order: 1, site: 1)
      $0.add(1, .acquire, Self.lock + 8, order: 2, site: 1, flags: once)
    }
    #expect(lines == ["init 0x7f0000001008 kind=mutex", "acquire 0x7f0000001008 write kind=mutex"])
  }
}
