#if Graphviz && canImport(Glibc)
  import Glibc
  import Testing

  @testable import LockGraphEngine
  @testable import LockGraphRendering

  private func residentKilobytes() throws -> Int {
    let file = try #require(fopen("/proc/self/statm", "r"))
    defer { fclose(file) }
    var line = [CChar](repeating: 0, count: 256)
    try #require(fgets(&line, 256, file) != nil)
    let text = String(
      decoding: line.prefix { $0 != 0 }.map { UInt8(bitPattern: $0) }, as: UTF8.self)
    let fields = text.split(separator: " ")
    return try #require(Int(fields[1])) * sysconf(Int32(_SC_PAGESIZE)) / 1024
  }

  @Suite(.serialized) struct `Endurance` {
    private func fixture() -> GraphFixture {
      var fixture = Shapes.random(classes: 12, dependencies: 16)
      fixture.addCycle(["config", "table"])
      fixture.addCycle(["table"], severity: .note)
      return fixture
    }

    /// In a process of its own: the tests beside it take memory too.
    @Test func `a thousand renderings do not grow the process`() async {
      await #expect(processExitsWith: .success) {
        let picture = Endurance().fixture().picture()
        for _ in 0..<50 { _ = try picture.rendered(as: .svg) }
        let before = try residentKilobytes()
        for _ in 0..<1_000 { _ = try picture.rendered(as: .svg) }
        // Graphviz itself loses less than a kilobyte on some layouts.
        #expect(try residentKilobytes() - before < 8 * 1024)
      }
    }

    @Test func `tasks can render at the same time`() async throws {
      let fixture = fixture()
      let expected = try fixture.text()
      let expectedDot = try fixture.text(.dot)
      try await withThrowingTaskGroup(of: Void.self) { group in
        for number in 0..<32 {
          group.addTask {
            switch number % 4 {
            case 0:
              let bytes = try fixture.picture().rendered(as: .png).bytes
              #expect(bytes.count > 1_000)
            case 1:
              let text = try fixture.text(.dot)
              #expect(text == expectedDot)
            default:
              let text = try fixture.text()
              #expect(text == expected)
            }
          }
        }
        try await group.waitForAll()
      }
    }
  }
#endif
