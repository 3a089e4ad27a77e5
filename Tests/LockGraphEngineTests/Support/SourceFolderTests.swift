import Foundation
import TestSupport
import Testing

@testable import LockGraphEngine

@Suite struct SourceFolderTests {
  private let outer: TemporaryFolder
  private let root: String

  init() throws {
    outer = try TemporaryFolder()
    root = outer.file("root")
    let files = FileManager.default
    for folder in ["root/Sources/Bank", "root/.git", "secrets"] {
      try files.createDirectory(
        atPath: outer.file(folder), withIntermediateDirectories: true)
    }
    _ = try outer.write("one\ntwo\n", to: "root/Sources/Bank/Teller.swift")
    _ = try outer.write("token\n", to: "secrets/key.swift")
    _ = try outer.write("token\n", to: "root/.git/config")
    _ = try outer.write("token\n", to: "root/.env")
    for (link, target) in [
      ("inside.swift", "Sources/Bank/Teller.swift"), ("outside.swift", "../secrets/key.swift"),
      ("absolute.swift", outer.file("secrets/key.swift")), ("folder", "../secrets"),
      ("hidden.swift", ".env"), ("up", ".."), ("circle", "circle"),
    ] {
      try files.createSymbolicLink(atPath: root + "/" + link, withDestinationPath: target)
    }
  }

  private func lack(_ name: String) throws -> SourceFolder.Lack? {
    let folder = try #require(SourceFolder(root))
    do throws(SourceFolder.Lack) {
      _ = try folder.content(of: name)
      return nil
    } catch {
      return error
    }
  }

  @Test(arguments: [
    "Sources/Bank/Teller.swift", "./Sources/./Bank//Teller.swift", "inside.swift",
  ])
  func `A file below the folder is read`(_ name: String) throws {
    let folder = try #require(SourceFolder(root))
    #expect(try folder.content(of: name) == Array("one\ntwo\n".utf8))
  }

  @Test(arguments: [
    "/etc/shadow", "/etc/passwd", "../secrets/key.swift", "Sources/../../secrets/key.swift",
    "outside.swift", "absolute.swift", "folder/key.swift", "up/secrets/key.swift",
  ])
  func `What leads out of it is not`(_ name: String) throws {
    #expect(try lack(name) == .outside)
  }

  @Test(arguments: [".env", ".git/config", "hidden.swift", "up/root/.env"])
  func `What is hidden in it is not`(_ name: String) throws {
    #expect(try lack(name) == .hidden)
  }

  @Test func `What is no file is not`() throws {
    #expect(try lack("Sources/Bank") == .noText)
    #expect(try lack("nowhere.swift") == .missing)
    #expect(try lack("circle") == .missing)
    #expect(try lack("Sources/Bank/Teller.swift/more") == .missing)
    #expect(mkfifo(root + "/pipe", 0o600) == 0)
    #expect(try lack("pipe") == .noText)
  }

  @Test func `What is no text, or more than a person wrote, is not`() throws {
    _ = try outer.write([0x61, 0, 0x62], to: "root/program")
    #expect(try lack("program") == .noText)
    _ = try outer.write(
      [UInt8](repeating: 0x61, count: SourceFolder.sizeLimit + 1), to: "root/large.c")
    #expect(try lack("large.c") == .tooLarge)
  }

  @Test func `A folder may be named by a link, and need not be there`() throws {
    let folder = try #require(SourceFolder(root + "/up/root"))
    #expect(try folder.content(of: "inside.swift") == Array("one\ntwo\n".utf8))
    #expect(SourceFolder(outer.file("nowhere")) == nil)
  }
}
