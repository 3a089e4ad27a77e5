import LockGraph
import Testing

@testable import LockGraphTesting

extension LockGraphTestingSuite {
  @Suite("Places")
  struct SourcePlaceTests {
    private let test = SourceLocation(
      fileID: "BankTests/BankTests.swift", filePath: "/bank/Tests/BankTests.swift", line: 1,
      column: 1)

    @Test("A place is taken apart from its end")
    func parts() throws {
      let place = try #require(SourcePlace("Bank/a:b.swift:12:34"))
      #expect(place.file == "Bank/a:b.swift")
      #expect(place.line == 12)
      #expect(place.column == 34)
    }

    @Test(
      "What is no place is none",
      arguments: ["", ":", "::", ":1:2", "Bank.swift", "Bank.swift:1", "Bank.swift:0:1", "a:b:c"])
    func noPlace(_ text: String) {
      #expect(SourcePlace(text) == nil)
    }

    @Test("The test's own file has its path, others their identifier")
    func paths() throws {
      let own = try #require(SourcePlace("BankTests/BankTests.swift:3:4")).location(near: test)
      #expect(own.filePath == "/bank/Tests/BankTests.swift")
      #expect([own.line, own.column] == [3, 4])
      let other = try #require(SourcePlace("Bank/Bank.swift:3:4")).location(near: test)
      #expect(other.fileID == "Bank/Bank.swift")
      #expect(other.filePath == "Bank/Bank.swift")
    }

    @Test(
      "Whatever a lock was told its file is, the testing library can take it",
      arguments: ["Bank.swift", "/bank/Bank.swift", "/", "//", "Bank/", "a/b/c"])
    func oddFiles(_ file: String) throws {
      let location = try #require(SourcePlace("\(file):3:0")).location(near: test)
      #expect(location.fileID.contains("/"))
      #expect(!location.moduleName.isEmpty)
      #expect(location.filePath == file)
      #expect(location.column == 1)
    }
  }
}
