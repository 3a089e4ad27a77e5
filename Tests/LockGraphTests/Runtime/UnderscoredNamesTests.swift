import Foundation
import TestSupport
import Testing

#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#elseif canImport(Darwin)
  import Darwin
#endif

/// Names of the standard library and the runtime that are not promised: the documentation lists
/// them, and what is not listed is not used.
@Suite("Names that the standard library does not promise")
struct UnderscoredNamesTests {
  /// What the library's own sources use, and what each is for.
  private static let known = [
    "_Cell", "_isDebugAssertConfiguration", "@_staticExclusiveOnly", "@_transparent", "@_exported",
    "@_disfavoredOverload", "@_silgen_name", "swift_demangle", "swift_task_getCurrent",
    "swift_task_getJobTaskId", "swift_job_run",
  ]
  /// Names of other things.
  private static let foreign = ["_PyRuntime"]

  @Test("The sources use those that the documentation lists, and no others")
  func used() throws {
    let sources = "\(BuiltProducts.packageRoot)/Sources"
    let name = /@_[a-zA-Z_]+|\bswift_[a-z]+_?[a-zA-Z]*\b|\b_(?:[A-Z]|is[A-Z]|debug[A-Z])[A-Za-z]+\b/
    var used: Set<String> = []
    for module in [
      "CLockGraph", "LockGraphBase", "LockGraphEngine", "LockGraph", "LockGraphFoundation",
    ] {
      let folder = "\(sources)/\(module)"
      let paths = try #require(FileManager.default.enumerator(atPath: folder))
        .compactMap { $0 as? String }
      for path in paths where [".swift", ".c", ".h"].contains(where: path.hasSuffix) {
        let lines = try String(contentsOfFile: "\(folder)/\(path)", encoding: .utf8)
          .split(separator: "\n")
        for line in lines where !line.drop(while: { $0 == " " }).hasPrefix("//") {
          used.formUnion(line.matches(of: name).map { String($0.output) })
        }
      }
    }
    let isC: Set<String> = ["_GNU_SOURCE", "_Thread_local", "_Bool"]
    #expect(
      used.subtracting(isC).subtracting(Self.foreign).filter { !$0.hasPrefix("_Thread") }
        == Set(Self.known))
    let limits = try String(
      contentsOfFile: "\(sources)/LockGraph/LockGraph.docc/Limits.md", encoding: .utf8)
    for name in Self.known { #expect(limits.contains("`\(name)`"), "\(name)") }
  }

  @Test("The runtime has those functions", arguments: known.filter { $0.hasPrefix("swift_") })
  func runtime(_ name: String) { #expect(dlsym(nil, name) != nil) }
}
