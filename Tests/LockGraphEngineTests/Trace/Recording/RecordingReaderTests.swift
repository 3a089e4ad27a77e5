import TestSupport
import Testing

@testable import LockGraphEngine

@Suite("Recordings")
struct RecordingReaderTests {
  private static let (a, b): (UInt64, UInt64) = (0x7F00_0000_1000, 0x7F00_0000_2000)

  private func lines(_ build: (inout RecordingBuilder) -> Void) throws -> [String] {
    var builder = RecordingBuilder()
    build(&builder)
    return try convertedRecording(builder.bytes).lines
  }

  @Test("Threads' records become one order, by their numbers")
  func merge() throws {
    let lines = try lines {
      $0.add(2, .acquire, Self.a, order: 3)
      $0.add(2, .release, Self.a, order: 3)
      $0.add(1, .acquire, Self.a, order: 1)
      $0.add(1, .release, Self.a, order: 2)
      $0.add(1, .acquire, Self.b, order: 4)
    }
    #expect(
      lines == [
        "main init 0x7f0000001000 kind=mutex", "main acquire 0x7f0000001000 write kind=mutex",
        "main release 0x7f0000001000", "T2 acquire 0x7f0000001000 write kind=mutex",
        "T2 release 0x7f0000001000", "main init 0x7f0000002000 kind=mutex",
        "main acquire 0x7f0000002000 write kind=mutex",
      ])
  }

  @Test("Every operation of locks has its event")
  func operations() throws {
    let lines = try lines {
      $0.add(1, .initialize, Self.a, flags: 0x60)
      $0.add(1, .value, 3)
      $0.add(1, .wait, Self.a, order: 0, flags: 0x64)
      $0.add(1, .failed, Self.a, order: 0, flags: 110)
      $0.add(1, .acquire, Self.a, order: 1, flags: 0x62)
      $0.add(1, .post, Self.a, order: 1, flags: 0x60)
      $0.add(1, .acquire, Self.b, order: 2, flags: 0x18)
      $0.add(1, .destroy, Self.b, order: 2, flags: 0x10)
    }
    #expect(
      lines == [
        "main init 0x7f0000001000 kind=semaphore permits=3",
        "main request 0x7f0000001000 write timeout kind=semaphore",
        "main abandon 0x7f0000001000 reason=timeout",
        "main acquire 0x7f0000001000 write try kind=semaphore", "main post 0x7f0000001000",
        "main init 0x7f0000002000 kind=recursive",
        "main acquire 0x7f0000002000 write kind=recursive", "main release 0x7f0000002000",
        "main destroy 0x7f0000002000",
      ])
  }

  @Test("A lock that refuses is asked for and left")
  func refusal() throws {
    let lines = try lines {
      $0.add(1, .acquire, Self.a, order: 1, flags: 0x20)
      $0.add(1, .failed, Self.a, order: 1, flags: 35)
    }
    #expect(
      lines.suffix(2) == [
        "main request 0x7f0000001000", "main abandon 0x7f0000001000 reason=deadlock",
      ])
  }

  @Test("Readers of a lock that prefers them may read again, others wait behind writers")
  func readers() throws {
    let lines = try lines {
      $0.add(1, .acquire, Self.a, order: 1, flags: 0x31)
      $0.add(1, .acquire, Self.b, order: 2, flags: 0x41)
    }
    #expect(lines[1] == "main acquire 0x7f0000001000 recursive-read kind=rwsem")
    #expect(lines[3] == "main acquire 0x7f0000002000 read kind=rwsem")
  }

  @Test("Conditions give up their mutex and take it again")
  func conditions() throws {
    let lines = try lines {
      $0.add(1, .acquire, Self.a, order: 1)
      $0.add(1, .conditionMutex, Self.a, order: 1)
      $0.add(1, .conditionWait, 0x10, order: 1, flags: 4)
      $0.add(2, .signal, 0x10, order: 2)
      $0.add(2, .broadcast, 0x10, order: 2)
      $0.add(1, .wake, 0x10, order: 3)
      $0.add(2, .barrier, 0x20, order: 4)
    }
    #expect(
      lines.dropFirst(2) == [
        "main wait 0x10 lock=0x7f0000001000 timeout", "T2 signal 0x10", "T2 broadcast 0x10",
        "main wake 0x10", "T2 barrier 0x20",
      ])
  }

  @Test("Threads are spawned, named, joined and end; what could not be created is none")
  func threads() throws {
    let lines = try lines {
      $0.nameThread(2, "worker")
      $0.add(1, .spawn, 2)
      $0.add(1, .spawn, 3)
      $0.add(1, .failed, 0, flags: 11)
      $0.add(2, .start, 2, order: 1)
      $0.add(2, .end, 2, order: 1)
      $0.add(1, .joinWait, 2, order: 0)
      $0.add(1, .join, 2, order: 2)
      $0.add(1, .join, 0, order: 2)
    }
    #expect(lines == ["main spawn worker-T2", "worker-T2 exit", "main join worker-T2"])
  }

  @Test("Who waits for a thread where the recording ends, waits there")
  func openJoin() throws {
    let lines = try lines {
      $0.add(1, .spawn, 2)
      $0.add(1, .joinWait, 2)
      $0.add(2, .acquire, Self.a, order: 1)
    }
    #expect(lines.last == "main join T2")
  }

  @Test("Another lock at the same address has another name")
  func generations() throws {
    let lines = try lines {
      $0.add(1, .initialize, Self.a)
      $0.add(1, .acquire, Self.a, order: 1)
      $0.add(1, .release, Self.a, order: 1)
      $0.add(1, .initialize, Self.a, order: 1)
      $0.add(1, .acquire, Self.a, order: 2)
    }
    #expect(lines[3] == "main init 0x7f0000001000#3 kind=mutex")
    #expect(lines[4] == "main acquire 0x7f0000001000#3 write kind=mutex")
  }

  @Test("Sealed recordings have functions, lines, names and classes")
  func sealed() throws {
    let lines = try lines {
      $0.addModule("/bin/program", from: 0x1000, to: 0x9000)
      $0.addSite(1, [0x1101, 0x1201])
      $0.seal(
        function: "std::mutex::lock()", "/usr/include/c++/12/bits/std_mutex.h", 100, at: 0x1101)
      $0.seal(function: "Account::deposit()", "account.cc", 7, at: 0x1201)
      $0.seal(lock: Self.a, generation: 0, "Account::mu_", "Account::mu_")
      $0.add(1, .acquire, Self.a, order: 1, site: 1)
    }
    #expect(
      lines == [
        "main init Account::mu_@0x7f0000001000 kind=mutex stack=Account::mu_",
        "main acquire Account::mu_@0x7f0000001000 write kind=mutex at=account.cc:7:3 "
          + "stack=\"Account::deposit() (account.cc:7:3)\"",
      ])
  }

  @Test("Without names a place is a module and an offset")
  func unsealed() throws {
    let lines = try lines {
      $0.addModule("/bin/program", from: 0x1000, to: 0x9000)
      $0.addSite(1, [0x1101, 0x99999])
      $0.add(1, .acquire, Self.a, order: 1, site: 1)
    }
    #expect(lines[1].hasSuffix("stack=program+0x101") || lines[1].contains("stack=program+0x101"))
  }

  @Test("The upper halves of order numbers count")
  func wideNumbers() throws {
    let lines = try lines {
      $0.add(1, .acquire, Self.a, order: 0xFFFF_FFFF)
      $0.add(1, .release, Self.a, order: 0x1_0000_0002)
      $0.add(2, .acquire, Self.b, order: 0x1_0000_0001)
    }
    #expect(lines.map { String($0.prefix(12)) }.suffix(2) == ["T2 acquire 0", "main release"])
  }

  @Test("Locks of a forked process's parent are given up without a word")
  func forked() throws {
    var builder = RecordingBuilder()
    builder.isForked = true
    builder.add(1, .release, Self.a)
    builder.add(1, .acquire, Self.b, order: 1)
    #expect(try convertedRecording(builder.bytes).lines.count == 2)
  }

  @Test("The loader's lock is left out, and told of")
  func systemLocks() throws {
    var builder = RecordingBuilder()
    builder.add(1, .acquire, 16, order: 1, flags: 0xA8)
    builder.add(1, .acquire, Self.b, order: 2)
    let (lines, input) = try convertedRecording(builder.bytes)
    #expect(lines.allSatisfy { $0.contains("0x7f0000002000") })
    #expect(input.warnings.contains { $0.hasPrefix("1 lock of the loader and of allocators") })
  }

  @Test("Behind a chunk that is missing nothing is known of what the thread holds")
  func missingChunk() throws {
    var builder = RecordingBuilder()
    builder.chunkCapacity = 1
    builder.missingChunks = [1]
    builder.add(1, .acquire, Self.a, order: 1)
    builder.add(1, .release, Self.a, order: 1)
    builder.add(1, .acquire, Self.b, order: 2)
    let (lines, input) = try convertedRecording(builder.bytes)
    #expect(lines.contains("main lost count=1"))
    #expect(input.warnings.contains("1 part is missing in it"))
  }

  @Test("A gap is told once, whatever comes behind it")
  func gapOnce() throws {
    var builder = RecordingBuilder()
    builder.chunkCapacity = 1
    builder.missingChunks = [0, 3]
    for order in 1...6 {
      builder.add(1, .acquire, Self.a + UInt64(order) * 64, order: UInt64(order))
    }
    let (lines, _) = try convertedRecording(builder.bytes)
    #expect(lines.count { $0.contains("lost") } == 2)
  }

  @Test("Recordings are recognised, out of archives' bytes too")
  func recognition() throws {
    var builder = RecordingBuilder()
    builder.add(1, .acquire, Self.a, order: 1)
    #expect(builder.bytes.withUnsafeBytes { TraceFormat.recognize($0) } == .recording)
    #expect(try convertedRecording(builder.bytes).input.format == "recording")
  }

  @Test("What is wrong with a recording is told with where it is")
  func errors() throws {
    var builder = RecordingBuilder()
    builder.addModule("/bin/program", from: 0x1000, to: 0x9000)
    builder.add(1, .acquire, Self.a, order: 5)
    builder.add(1, .acquire, Self.b, order: 4)
    let falling = builder.bytes
    #expect(throws: TraceError.self) { try convertedRecording(falling) }
    var other = RecordingBuilder().bytes
    other[8] = 2
    func message(_ bytes: [UInt8]) -> String {
      do throws(TraceError) {
        _ = try convertedRecording(bytes)
        return ""
      } catch {
        return error.description
      }
    }
    #expect(message(falling).contains("r.lgt: error: is damaged at byte "))
    #expect(message(falling).contains("the order of a record falls from 5 to 4"))
    #expect(
      message(other) == """
        r.lgt: error: is a recording of version 2, at byte 8
            expected version 1
        """)
    #expect(
      message(Array(falling.prefix(100))) == """
        r.lgt: error: is cut off in its header, at byte 100
            expected 4096 bytes
        """)
    let kept = try convertedRecording(falling, keepGoing: true)
    #expect(kept.lines.count == 2)
    #expect(kept.input.warnings.contains { $0.hasSuffix("and was read up to there") })
  }
}
