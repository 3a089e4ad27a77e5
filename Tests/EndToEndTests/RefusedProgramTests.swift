import Foundation
import TestSupport
import Testing

/// What the compiler refuses of who uses the library, with the modules that were built for the
/// tests.
@Suite("Programs that are refused")
struct RefusedProgramTests {
  @Test("A mutex in a variable, which could be assigned, is refused as the standard library's is")
  func variable() throws {
    let folder = try TemporaryFolder()
    let modules = URL(fileURLWithPath: try BuiltProducts.executable("LockVictim"))
      .deletingLastPathComponent().appendingPathComponent("Modules").path
    func messages(_ declaration: String) throws -> String {
      let file = "\(folder.path)/program.swift"
      try "import LockGraph\nfinal class Bank {\n  \(declaration)\n}\n".write(
        toFile: file, atomically: true, encoding: .utf8)
      let headers = "\(BuiltProducts.packageRoot)/Sources/CLockGraph/include"
      var compiler = ProcessRunner(
        "swiftc", ["-typecheck", "-swift-version", "6", "-I", modules, "-I", headers, file])
      compiler.timeout = .seconds(120)
      return try compiler.run().messages
    }
    #expect(try messages("let accounts = ValidatedMutex(1)") == "")
    #expect(
      try messages("var accounts = ValidatedMutex(1)").contains(
        "variable of type 'ValidatedMutex<Int>' must be declared with a 'let'"))
  }
}
