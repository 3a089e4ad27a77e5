import Foundation
import TestSupport
import Testing

/// Chromium, its driver and selenium, which drive a page as a person does.
enum Browser {
  static let script = "\(BuiltProducts.packageRoot)/Tests/Browser/page.py"

  static let isHere =
    ["/usr/bin/chromium", "/usr/bin/chromedriver"].allSatisfy {
      FileManager.default.isExecutableFile(atPath: $0)
    } && Python.has("selenium")

  /// Where axe-core is, which `make test-all` installs from the Python package of its name.
  static let axe: String? = {
    guard let python = try? Python.interpreter(with: "axe_core_python") else { return nil }
    let lookup = "import axe_core_python, os; print(os.path.dirname(axe_core_python.__file__))"
    guard let folder = try? ProcessRunner(python, ["-c", lookup]).run().text else { return nil }
    let file = folder.trimmingCharacters(in: .whitespacesAndNewlines) + "/axe.min.js"
    return FileManager.default.fileExists(atPath: file) ? file : nil
  }()

  /// What is wrong with a page.
  static func faults(_ check: String, _ page: String, _ more: [String] = []) throws -> [String] {
    let result = try ProcessRunner(
      Python.interpreter(with: "selenium"), [script, check, page] + more
    ).run()
    guard result.status == .exited(0) else { return [result.messages] }
    return result.text.split(separator: "\n").map(String.init)
  }
}

/// One browser at a time: two of them take the machine for themselves.
@Suite("The page in Chromium", .serialized, .needs("Chromium with selenium", Browser.isHere))
struct BrowserTests {
  private let folder: TemporaryFolder

  init() throws { folder = try TemporaryFolder() }

  @Test("Every part of it is shown, without a message and without a request")
  func smoke() throws {
    let page = try page(of: ["\(Samples.folder)/abba.trace", "\(Samples.folder)/contended.trace"])
    #expect(try Browser.faults("smoke", page) == [])
  }

  /// Without this, a test that sees nothing would pass for one that finds nothing.
  @Test("A page whose policy does not let its script run is noticed")
  func noticed() throws {
    let page = try page(of: ["\(Samples.folder)/abba.trace"])
    let broken = try folder.write(
      String(contentsOfFile: page, encoding: .utf8).replacing(
        "script-src 'sha256-", with: "script-src 'sha256-A"), to: "broken.html")
    #expect(try Browser.faults("smoke", broken) != [])
  }

  @Test("Filter, keys, steps, links, copies, graph, classes and print", .everyTest)
  func use() throws {
    #expect(try Browser.faults("use", page(of: Samples.all.map(\.path))) == [])
  }

  @Test("It fits into 360 pixels", .everyTest)
  func narrow() throws {
    #expect(try Browser.faults("narrow", page(of: Samples.all.map(\.path))) == [])
  }

  @Test("Contrast, names and roles, in light and dark", .everyTest)
  func access() throws {
    let axe = TestTier.has(Browser.axe != nil, "axe-core-python") ? [Browser.axe ?? ""] : []
    #expect(try Browser.faults("access", page(of: Samples.all.map(\.path)), axe) == [])
  }

  @Test("Hostile names do nothing", .everyTest)
  func hostile() throws {
    let names =
      HostileNames.all + [
        #""</script><script>window.hurt = 1</script>""#,
        #""<img src=x onerror='window.hurt = 1'>""#,
        "\"" + String(repeating: "W", count: 1 << 20) + "\"",
      ]
    for (number, name) in names.enumerated() {
      let trace = try folder.write(HostileNames.trace(name), to: "\(number).trace")
      #expect(try Browser.faults("hostile", page(of: [trace])) == [], "\(name.prefix(80))")
    }
  }

  @Test("Ten thousand findings are there at once, in twelve megabytes", .everyTest)
  func large() throws {
    var trace = ""
    for pair in 0..<10_000 {
      for (thread, locks) in [("T\(pair % 50)", ["a", "b"]), ("U\(pair % 50)", ["b", "a"])] {
        let names = locks.map { "com.example.module\(pair).AccountRegistry.\($0)" }
        for (line, name) in names.enumerated() {
          let place = "Sources/Module\(pair % 300)/\(thread).swift:\(line + pair):9"
          trace += "\(thread) acquire \(name) class=\(name) at=\(place)\n"
        }
        for name in names.reversed() { trace += "\(thread) release \(name)\n" }
      }
    }
    let page = try page(
      of: [folder.write(trace, to: "large.trace"), "--max-findings", "20000"])
    let size = try FileManager.default.attributesOfItem(atPath: page)[.size] as? Int
    #expect(try #require(size) <= 12_000_000)
    #expect(try Browser.faults("large", page, ["10000"]) == [])
  }

  private func page(of arguments: [String]) throws -> String {
    let page = folder.file("page.html")
    let result = try lockdepCheck(
      arguments: ["analyze", "-o", folder.file("report.txt"), "--html", page] + arguments)
    #expect(result.status == .exited(0))
    return page
  }
}

extension Trait where Self == ConditionTrait {
  /// Only where all tests are run: it takes long.
  fileprivate static var everyTest: Self {
    .enabled("make test-all runs it") { TestTier.isAll }
  }
}
