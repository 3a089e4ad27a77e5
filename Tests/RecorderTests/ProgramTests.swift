import Foundation
import TestSupport
import Testing

/// Programs behave with the recorder as without it, and what they did is there.
@Suite("Recorded programs")
struct ProgramTests {
  @Test(
    "Every kind of lock works as it does without the recorder",
    arguments: ["orders", "shapes", "all"])
  func primitives(level: String) throws {
    let run = try RecordedRun(RecordedProgram.program("primitives.c"), level: level)
    #expect(run.result.text == "as expected\n")
    #expect(run.result.status == .exited(0))
    #expect(try run.file().end == 1)
    // That of the semaphore with a name, and of what was mapped.
    #expect(try !run.file().sharedMemory.isEmpty)
  }

  private func operations(_ part: String) throws -> [String] {
    let run = try RecordedRun(RecordedProgram.program("primitives.c"), [part], level: "all")
    return try run.file().merged.map { "\($0.operation)/\($0.flags)" }
  }

  @Test("Semaphores have permits, waits that end, and posts of others")
  func semaphores() throws {
    let found = try operations("semaphores")
    #expect(found.starts(with: ["init/96", "value/0", "acquire/96", "acquire/98", "wait/100"]))
    #expect(found.contains("failed/110"))
    #expect(found.contains("post/96"))
    #expect(found.filter { $0 == "destroy/96" }.count == 2)
  }

  @Test("A condition wait that is cancelled has its mutex again")
  func cancelled() throws {
    let run = try RecordedRun(RecordedProgram.program("primitives.c"), ["conditions"], level: "all")
    _ = try RecordedOrder(try run.file())
    let wakes = try run.file().merged.filter { $0.operation == .wake }.map(\.flags)
    #expect(wakes.filter { $0 == 110 }.count == 2)
    #expect(wakes.filter { $0 == 254 }.count == 1)
  }

  @Test("An owner that died is told of, and so are locks of all kinds")
  func kinds() throws {
    let owners = try operations("owners")
    #expect(owners.contains("init/3"))
    #expect(owners.contains("ownerDied/0"))
    #expect(owners.contains("init/4"))
    let c11 = try operations("c11")
    #expect(c11.contains("init/224") && c11.contains("wake/110") && c11.contains("join/0"))
    #expect(try operations("spins").contains("init/80"))
    let barriers = try operations("barriers")
    #expect(barriers.filter { $0 == "barrier/208" }.count == 2)
    #expect(barriers.filter { $0 == "barrierLeft/208" }.count == 2)
  }

  @Test("More locks are held than anybody counts")
  func manyLocks() throws {
    let run = try RecordedRun(
      RecordedProgram.program("primitives.c"), ["two-hundred"], level: "shapes")
    let order = try RecordedOrder(try run.file())
    #expect(order.writers.isEmpty)
    let acquired = try run.file().merged.filter { $0.operation == .acquire }
    #expect(Set(acquired.map(\.address)).count == 600)
  }

  @Test("A lock at the address of another is not taken for it", arguments: ["orders", "shapes"])
  func reuse(level: String) throws {
    let run = try RecordedRun(RecordedProgram.program("primitives.c"), ["reuse"], level: level)
    let acquired = try run.file().merged.filter { $0.operation == .acquire }
    #expect(acquired.count == 6)
  }

  @Test("A small stack is enough")
  func smallStack() throws {
    let run = try RecordedRun(RecordedProgram.program("small_stack.c"), level: "all")
    #expect(run.result.text == "small\n")
    let acquired = try run.file().merged.filter { $0.operation == .acquire }
    // The handler's lock inside the other.
    #expect(acquired.count == 2)
    #expect(Set(acquired.map(\.address)).count == 2)
  }

  @Test("Names of threads are kept")
  func names() throws {
    let run = try RecordedRun(RecordedProgram.program("primitives.c"), ["threads"])
    #expect(try run.file().names.values.contains("idler"))
  }

  @Test(
    "Children are recorded however they are started",
    arguments: [
      ("fork", 2), ("vfork", 2), ("spawn", 2), ("spawnp", 2), ("system", 3), ("popen", 3),
      ("execve", 2), ("execv", 2), ("execvp", 2), ("execl", 2), ("execlp", 2), ("execle", 2),
      ("execvpe", 2), ("fexecve", 2), ("cleared", 2), ("raw", 2), ("nested", 3), ("locked", 21),
    ])
  func children(form: String, count: Int) throws {
    let run = try RecordedRun(RecordedProgram.program("children.c"), [form])
    #expect(run.result.status == .exited(0))
    #expect(run.files.count == count, "\(run.files.keys.sorted())")
    let ours = run.files.values.filter { $0.name.hasPrefix("children") }
    for file in ours {
      _ = try RecordedOrder(file)
      // Three records of its own, and none of another process.
      #expect(file.merged.filter { $0.operation == .acquire }.count >= 2)
    }
    #expect(Set(run.files.values.map(\.process)).count == count)
  }

  @Test("A child that another C library's loader starts is left alone, and what follows is not")
  func otherLoader() throws {
    // Loaders of musl end a program to which they cannot add the recorder. This one is called so.
    let folder = try TemporaryFolder()
    let loader = folder.file("ld-musl-x86_64.so.1")
    let system = try #require(
      ["/lib64/ld-linux-x86-64.so.2", "/lib/ld-linux-aarch64.so.1"].first {
        FileManager.default.fileExists(atPath: $0)
      })
    try FileManager.default.createSymbolicLink(atPath: loader, withDestinationPath: system)
    let other = folder.file("other")
    let compiled = try ProcessRunner(
      "cc",
      [RecordedProgram.sources + "loaded.c", "-o", other, "-Wl,--dynamic-linker=\(loader)"]
    ).run()
    #expect(compiled.status == .exited(0), "\(compiled.messages)")
    let script = try folder.write("#!\(other)\n", to: "script")
    #expect(chmod(script, 0o755) == 0)
    let leaf = try RecordedProgram.program("children.c")
    let run = try RecordedRun(
      "/bin/sh", ["-c", "'\(other)'; '\(script)'; PATH=\(folder.path) other; '\(leaf)' leaf"],
      preloadedBefore: "libm.so.6")
    #expect(run.result.status == .exited(0), "\(run.result.messages)")
    #expect(run.result.text == "libm.so.6\nlibm.so.6\nlibm.so.6\n")
    #expect(run.files.values.filter { $0.name.hasPrefix("children") }.count == 1)
  }

  @Test("Children are left alone if nobody asked for them")
  func noChildren() throws {
    let run = try RecordedRun(
      RecordedProgram.program("children.c"), ["nested"],
      environment: ["LOCKGRAPH_RECORD_CHILDREN": "0"])
    #expect(run.result.status == .exited(0))
    #expect(run.files.count == 1)
  }

  @Test("A recorder of another version does nothing")
  func version() throws {
    let run = try RecordedRun(
      RecordedProgram.program("children.c"), ["leaf"],
      environment: ["LOCKGRAPH_RECORD_VERSION": "2"])
    #expect(run.result.status == .exited(0))
    #expect(run.files.isEmpty)
  }

  @Test("A constructor that wants a lock which another thread holds gets it")
  func loader() throws {
    let library = try RecordedProgram.program(
      "late_library.c", flags: ["-shared", "-fPIC", "-DLIBRARY"])
    let program = try RecordedProgram.program("late_library.c", flags: ["-rdynamic"])
    let run = try RecordedRun(program, [library], level: "all")
    #expect(run.result.text == "loaded\n")
    let file = try run.file()
    _ = try RecordedOrder(file)
    // The library's lock inside the loader's, and its place in a module that came late.
    let main = file.threads[1]!
    let entered = try #require(main.firstIndex { $0.address == 16 && $0.operation == .acquire })
    let left = try #require(main.firstIndex { $0.address == 16 && $0.operation == .release })
    // It waits, unless the machine is so busy that the holder is through first.
    let inside = try #require(
      main[entered..<left].first { $0.operation == .wait || $0.address != 16 })
    let address = try #require(file.sites[inside.site]?.addresses.first)
    #expect(file.place(address)?.path == library)
  }

  @Test(
    "What passes a preloaded library by is recorded with the audit library, and else counted",
    arguments: [("deep", 1), ("space", 1), ("handle", 0)], [false, true])
  func unseen(_ way: (String, UInt64), isAudited: Bool) throws {
    let library = try RecordedProgram.program("unseen.c", flags: ["-shared", "-fPIC", "-DLIBRARY"])
    let run = try RecordedRun(
      RecordedProgram.program("unseen.c"), [way.0, library], level: "all",
      environment: isAudited ? ["LD_AUDIT": RecordedProgram.auditLibrary()] : [:])
    #expect(run.result.text == "taken\n")
    let file = try run.file()
    let acquired = file.merged.filter { $0.operation == .acquire && $0.address != 16 }
    #expect(acquired.count == (isAudited ? 1000 : 0))
    #expect(file.unseenLibraries == (isAudited ? 0 : way.1))
  }

  @Test(
    "Places are those of the program, through all wrappers",
    .needs("addr2line", (try? ProcessRunner("addr2line", ["--version"]).run()) != nil),
    arguments: [["-O0"], ["-O1"], ["-O2"], ["-O2", "-fno-omit-frame-pointer"]])
  func places(flags: [String]) throws {
    let program = try RecordedProgram.program("wrappers.cpp", compiler: "c++", flags: flags)
    let source = try String(
      contentsOfFile: RecordedProgram.sources + "wrappers.cpp", encoding: .utf8)
    let wanted = source.split(separator: "\n", omittingEmptySubsequences: false).enumerated()
      .filter { $0.element.contains("// place:") }.map { $0.offset + 1 }
    let file = try RecordedRun(program, level: "all").file()
    var found: Set<Int> = []
    for record in file.merged where record.operation == .acquire {
      guard let site = file.sites[record.site] else { continue }
      for address in site.addresses {
        guard let place = file.place(address - 1), place.path == program else { continue }
        let lines = try ProcessRunner(
          "addr2line", ["-ie", program, "0x" + String(place.offset, radix: 16)]
        ).run().text
        guard let own = lines.split(separator: "\n").first(where: { $0.contains("wrappers.cpp:") })
        else { continue }
        found.insert(Int(own.split(separator: ":")[1].prefix { $0.isNumber })!)
        break
      }
    }
    #expect(found.isSuperset(of: wanted), "\(found.sorted()) of \(wanted)")
  }

  #if arch(x86_64)
    @Test(
      "A handler that interrupts every instruction loses nothing and breaks nothing",
      arguments: ["orders", "shapes", "all"])
    func stepped(level: String) throws {
      let run = try RecordedRun(
        RecordedProgram.program("stepped.c", flags: ["-O2"]), ["40"], level: level)
      #expect(run.result.status == .exited(0))
      let said = run.result.text.split(separator: " ")
      let file = try run.file()
      _ = try RecordedOrder(file)
      let acquired = Dictionary(
        grouping: file.merged.filter { $0.operation == .acquire }, by: \.address
      ).mapValues(\.count)
      func count(_ field: Int) -> Int {
        acquired[UInt64(said[field].dropFirst(2), radix: 16)!, default: 0]
      }
      #expect(count(1) == 40 && count(4) == 40)
      // What happened while the recorder saw a place for the first time is counted as lost, a lock
      // and its release each.
      let handled = Int(said[8].dropLast())!
      if level == "all" {
        #expect(count(7) + Int(file.lostSignalEvents) / 2 == handled)
      }
    }
  #endif
}
