import Foundation
import TestSupport
import Testing

@testable import LockGraphHang

@Suite("Names of locks in variables", .needs("cc", HungProgram.isCompilable))
struct MemberTests {
  /// The program, compiled so that its variables are where the file says.
  private static func program(
    _ compiler: String, _ options: String, in folder: TemporaryFolder
  ) throws -> String {
    let source = "\(BuiltProducts.packageRoot)/Tests/LockGraphHangTests/Programs/members.c"
    let program = folder.file("members")
    let words = options.split(separator: " ").map(String.init)
    let result = try ProcessRunner(
      compiler, words + ["-no-pie", "-pthread", "-o", program, source]
    ).run()
    try #require(result.status == .exited(0), "\(result.messages)")
    return program
  }

  /// What it calls its locks, and where they lie.
  private static func locks(of program: String) throws -> [(name: String, address: UInt64)] {
    try ProcessRunner(program, []).run().text.split(separator: "\n").map { line in
      let words = line.split(separator: " ")
      return (String(words[0]), try #require(UInt64(words[1], radix: 16)))
    }
  }

  private static func name(_ address: UInt64, in file: ModuleFile) -> String? {
    guard let variable = file.variable(at: address) else { return nil }
    // Of static variables in functions one compiler writes pool.0, another main.pool.
    let plain = variable.name.split(separator: ".").last { Int($0) == nil } ?? ""
    return file.member(at: address, of: variable).map { plain + $0 }
  }

  @Test(
    "A lock is called by the members that lead to it",
    arguments: [
      "-g -O0", "-gdwarf-2 -O0", "-gdwarf-3 -O2", "-gdwarf-4 -O2", "-gdwarf-5 -O2",
      "-gdwarf-5 -gdwarf64 -O0",
    ])
  func members(options: String) throws {
    let folder = try TemporaryFolder()
    let program = try Self.program("cc", options, in: folder)
    let file = try #require(ModuleFile(path: program))
    let locks = try Self.locks(of: program)
    #expect(locks.count == 10)
    for (name, address) in locks { #expect(Self.name(address, in: file) == name) }
  }

  @Test("So it is with what clang writes", .needs("clang", Self.hasClang))
  func clang() throws {
    let folder = try TemporaryFolder()
    for options in ["-gdwarf-5 -O1", "-gdwarf-4 -O0"] {
      let program = try Self.program("clang", options, in: folder)
      let file = try #require(ModuleFile(path: program))
      for (name, address) in try Self.locks(of: program) {
        #expect(Self.name(address, in: file) == name, "\(options)")
      }
    }
  }

  private static var hasClang: Bool {
    (try? ProcessRunner("clang", ["--version"]).run().status) == .exited(0)
  }

  @Test("Without debug information nothing is said", arguments: ["-O2", "-g -gz -O0"])
  func none(options: String) throws {
    let folder = try TemporaryFolder()
    let program = try Self.program("cc", options, in: folder)
    let file = try #require(ModuleFile(path: program))
    for (_, address) in try Self.locks(of: program) {
      #expect(Self.name(address, in: file) == nil)
    }
  }

  @Test("Whatever becomes of the bytes, there is an end")
  func damaged() throws {
    let folder = try TemporaryFolder()
    let program = try Self.program("cc", "-g -O0", in: folder)
    let locks = try Self.locks(of: program)
    let bytes = try Array(Data(contentsOf: URL(fileURLWithPath: program)))
    let file = try #require(ModuleFile(path: program))
    let variables = locks.compactMap { file.variable(at: $0.address) }
    withSeeds(0..<100) { random in
      var damaged = bytes
      // Debug information and tables of sections are behind the code.
      for _ in 0..<Int.random(in: 1...40, using: &random) {
        let at = Int.random(in: bytes.count / 2..<bytes.count, using: &random)
        damaged[at] = Bool.random(using: &random) ? .random(in: 0...255, using: &random) : 0xFF
      }
      guard let file = ModuleFile(copy: damaged) else { return }
      for (variable, lock) in zip(variables, locks) {
        _ = file.member(at: lock.address, of: variable)
      }
    }
  }
}
