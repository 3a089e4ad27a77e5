#if os(Linux)
  import Foundation
  import TestSupport
  import Testing

  /// A program and a plug-in that it loads while it runs, each linked with LockGraph, built here
  /// from what the package's build left.
  @Suite("Two copies in one process", .serialized)
  struct TwoCopiesTests {
    private static let folder = Result { try TemporaryFolder() }
    private static let sources = BuiltProducts.packageRoot + "/Tests/TwoCopies"

    private static func products() throws -> String {
      URL(fileURLWithPath: try BuiltProducts.executable("LockVictim")).deletingLastPathComponent()
        .path
    }

    /// What the library is linked from; objects of sources that are gone may still be there.
    private static func objects() throws -> [String] {
      let products = try products()
      return ["LockGraph", "LockGraphEngine", "LockGraphBase", "CLockGraph"].flatMap { module in
        let sources = Set(
          files(in: "\(BuiltProducts.packageRoot)/Sources/\(module)").map {
            ($0 as NSString).lastPathComponent
          })
        let folder = "\(products)/\(module).build"
        return files(in: folder).filter { name in
          let source = (name as NSString).lastPathComponent.dropLast(2)
          return name.hasSuffix(".o") && sources.contains(String(source))
        }.sorted().map { "\(folder)/\($0)" }
      }
    }

    private static func files(in folder: String) -> [String] {
      FileManager.default.enumerator(atPath: folder)?.compactMap { $0 as? String } ?? []
    }

    private static func compile(_ arguments: [String], as product: String) throws -> String {
      let output = "\(try folder.get().path)/\(product)"
      var compiler = ProcessRunner("swiftc", ["-o", output] + arguments)
      compiler.timeout = .seconds(300)
      let result = try compiler.run()
      #expect(result.status == .exited(0), "\(result.messages)")
      return output
    }

    /// Compiles one of them, with the objects of the library unless it is shared.
    private static func build(
      _ name: String, _ options: [String], as product: String, isShared: Bool = false
    ) throws -> String {
      let headers = BuiltProducts.packageRoot + "/Sources/CLockGraph/include"
      return try compile(
        ["-parse-as-library", "-swift-version", "6", "-module-name", name]
          + ["-I", "\(products())/Modules", "-I", headers] + options
          + ["\(sources)/\(name).swift"] + (isShared ? [] : objects()), as: product)
    }

    /// The library by itself.
    private static func link(as product: String) throws -> String {
      try compile(["-emit-library"] + objects(), as: product)
    }

    private static let host = Result { try build("Host", [], as: "host") }
    private static let plugin = Result {
      try build("Plugin", ["-emit-library"], as: "libplugin.so")
    }

    private func run(
      _ host: String, _ plugins: [String], _ environment: [String: String] = [:]
    ) throws -> ProcessResult {
      var runner = ProcessRunner(host, plugins)
      runner.environment = ProcessInfo.processInfo.environment
        .filter { !$0.key.hasPrefix("LOCKGRAPH") }
        .merging(["SWIFT_BACKTRACE": "enable=no"]) { $1 }.merging(environment) { $1 }
      return try runner.run()
    }

    private static let remark = "LockGraph: this process has two copies of LockGraph, in "

    @Test("The second one says once that there are two, and each reports its own locks")
    func twoCopies() throws {
      let (host, plugin) = (try Self.host.get(), try Self.plugin.get())
      let result = try run(host, [plugin])
      #expect(result.status == .exited(0))
      #expect(result.text == "child 7, findings [\"Host one\", \"Host other\"]\n")
      #expect(result.messages.components(separatedBy: Self.remark).count == 2)
      #expect(result.messages.contains(Self.remark + "\(host) and in \(plugin): each judges"))
      #expect(result.messages.contains("Host one and Host other are taken in both orders"))
      #expect(result.messages.contains("Plug-in one and Plug-in other are taken in both orders"))
    }

    @Test("Each writes files of its own")
    func files() throws {
      let folder = try TemporaryFolder()
      let result = try run(
        Self.host.get(), [Self.plugin.get()],
        [
          "LOCKGRAPH_REPORT": folder.path + "/report.json",
          "LOCKGRAPH_GRAPH": folder.path + "/graph", "LOCKGRAPH_TRACE": folder.path + "/a.trace",
        ])
      #expect(result.status == .exited(0))
      for (name, own, other) in [
        ("report.json", "Host one", "Plug-in one"), ("report.2.json", "Plug-in one", "Host one"),
        ("graph", "Host one", "Plug-in one"), ("graph.2", "Plug-in one", "Host one"),
        ("a.trace", "Host one", "Plug-in one"), ("a.2.trace", "Plug-in one", "Host one"),
      ] {
        let text = String(decoding: try folder.bytes(of: name), as: UTF8.self)
        #expect(text.contains(own), "\(name)")
        #expect(!text.contains(other), "\(name)")
      }
    }

    @Test("They find each other though nothing is exported, and unused and named things are gone")
    func strippedCopies() throws {
      let strip = ["-Xlinker", "--gc-sections", "-Xlinker", "-s"]
      let host = try Self.build("Host", strip, as: "stripped")
      let plugin = try Self.build("Plugin", strip + ["-emit-library"], as: "libstripped.so")
      let result = try run(host, [plugin])
      #expect(result.status == .exited(0))
      #expect(result.messages.contains(Self.remark + "\(host) and in \(plugin): each judges"))
      #expect(result.messages.contains("Plug-in one and Plug-in other are taken in both orders"))
    }

    @Test("A third copy is one more")
    func threeCopies() throws {
      let other = try Self.build("Plugin", ["-emit-library"], as: "libother.so")
      let result = try run(Self.host.get(), [Self.plugin.get(), other])
      #expect(result.status == .exited(0))
      #expect(result.messages.contains("LockGraph: this process has 3 copies of LockGraph, in "))
      #expect(result.messages.contains("and in \(other): each judges"))
    }

    @Test("A program that exports its own copy's symbols does not disturb the other one")
    func exported() throws {
      let host = try Self.build("Host", ["-Xlinker", "--export-dynamic"], as: "exporting")
      let result = try run(host, [Self.plugin.get()])
      #expect(result.status == .exited(0))
      #expect(result.text == "child 7, findings [\"Host one\", \"Host other\"]\n")
      #expect(result.messages.contains(Self.remark + "\(host) and in "))
      #expect(result.messages.contains("Plug-in one and Plug-in other are taken in both orders"))
    }

    @Test("Linked with one dynamic library all locks are judged together, and nothing is said")
    func shared() throws {
      let library = try Self.link(as: "libLockGraphShared.so")
      let options = [library, "-Xlinker", "-rpath=" + (try Self.folder.get().path)]
      let host = try Self.build("Host", options, as: "sharing", isShared: true)
      let plugin = try Self.build(
        "Plugin", options + ["-emit-library"], as: "libsharing.so", isShared: true)
      let result = try run(host, [plugin])
      #expect(result.status == .exited(0), "\(result.messages)")
      #expect(!result.messages.contains("copies of LockGraph"))
      #expect(
        result.text
          == "child 7, findings [\"Host one\", \"Host other\", \"Plug-in one\", \"Plug-in other\"]\n"
      )
    }

    @Test("Where nothing is validated nothing is said")
    func off() throws {
      let result = try run(Self.host.get(), [Self.plugin.get()], ["LOCKGRAPH": "off"])
      #expect(result.status == .exited(0))
      #expect(result.messages.isEmpty)
    }
  }
#endif
