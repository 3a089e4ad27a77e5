#if os(Linux)
  import Foundation
  import TestSupport
  import Testing

  @Suite("Names of recorded locks", .needs("a compiler for C", RecordedPrograms.hasCompiler))
  struct NamingTests {
    private static let hasDebugger =
      (try? ProcessRunner("gdb", ["--version"]).run())?.status == .exited(0)

    private func converted(
      _ program: String, _ environment: [String: String] = [:]
    ) throws -> (text: String, trace: [UInt8]) {
      let folder = try TemporaryFolder()
      let trace = folder.file("trace.lgt")
      var variables = ProcessInfo.processInfo.environment
      variables.merge(environment) { $1 }
      let recorded = try lockdepCheck(
        arguments: ["record", "-o", trace, "--", program], environment: variables)
      #expect(recorded.status == .exited(0), "\(recorded.messages)")
      let result = try lockdepCheck("convert", trace)
      return (result.text, try folder.bytes(of: "trace.lgt"))
    }

    @Test(
      "Locks are named by the members that they are, whatever the compiler did",
      .needs("gdb", hasDebugger), arguments: ["-O0", "-O2"])
    func members(optimization: String) throws {
      let program = try RecordedPrograms.compile(
        "RecordedPrograms/members.cc", [optimization], as: "members\(optimization)")
      let (text, _) = try converted(program)
      #expect(text.contains("init bank.books[1].mu kind=mutex stack=Book::mu"))
      let members = text.split(separator: "\n").filter {
        $0.contains("init Account::mu_@0x") && $0.hasSuffix("stack=Account::mu_")
      }
      #expect(members.count == 2, "\(text)")
    }

    @Test("Without a debugger and tools there are the names of symbols, and offsets")
    func symbols() throws {
      let (text, _) = try converted(
        RecordedPrograms.members.get(),
        ["LOCKGRAPH_DEBUGGER": "none", "LOCKGRAPH_SYMBOLIZER": "none"])
      #expect(text.contains(#/init bank\+0x[0-9a-f]+ /#))
      #expect(text.contains("Account::transfer(Account&, Account&) (members)"), "\(text)")
    }

    @Test("What was kept of the stack is gone from a sealed recording")
    func erasure() throws {
      let (_, trace) = try converted(try RecordedPrograms.members.get())
      let table = try #require(SiteTable(trace))
      #expect(!table.sites.isEmpty)
      for site in table.sites {
        #expect(site.stackBytes == 0 && site.registers == 0)
        #expect(site.rest.allSatisfy { $0 == 0 })
      }
    }
  }

  /// The sites of a recording, read apart from the reader.
  private struct SiteTable {
    struct Site {
      var stackBytes: UInt32
      var registers: UInt32
      /// What stands behind the addresses.
      var rest: [UInt8]
    }

    var sites: [Site] = []

    init?(_ bytes: [UInt8]) {
      func number(_ at: Int) -> UInt32 {
        at + 4 <= bytes.count
          ? (0..<4).reduce(0) { $0 | UInt32(bytes[at + $1]) << UInt32(8 * $1) } : 0
      }
      var offset = 4096
      while offset + 128 <= bytes.count {
        guard number(offset) == 0x4843_474C else {
          offset += 1024
          continue
        }
        let length = Int(number(offset + 16))
        if number(offset + 4) == 2 {
          var entry = offset + 128
          while entry < offset + length, number(entry) != 0 {
            let size = Int(number(entry + 4))
            guard size >= 8, entry + size <= bytes.count else { return nil }
            if number(entry) == 1 {
              let addresses = Int(number(entry + 24))
              sites.append(
                Site(
                  stackBytes: number(entry + 28), registers: number(entry + 32),
                  rest: Array(bytes[(entry + 40 + addresses * 8)..<(entry + size)])))
            }
            entry += size
          }
        }
        offset += length
      }
    }
  }
#endif
