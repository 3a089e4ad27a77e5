import Foundation
import TestSupport
import Testing

@testable import LockGraphEngine
@testable import LockGraphPage

/// Where `make test-all` installs the linter.
private enum PageLinter {
  static let path = "\(BuiltProducts.packageRoot)/.build/python/bin/biome"
  static var isHere: Bool { FileManager.default.isExecutableFile(atPath: path) }
}

@Suite struct PageDocumentTests {
  /// As `sha256sum` prints them.
  @Test(arguments: [
    ("", "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"),
    ("abc", "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"),
    (
      "abcdbcdecdefdefgefghfghighijhijkijkljklmklmnlmnomnopnopq",
      "248d6a61d20638b8e5c026930c3e6039a33ce45964ff2167f6ecedd419db06c1"
    ),
    (
      String(repeating: "a", count: 1_000_000),
      "cdc76e5c9914fb9281a1c7e284d73e67f1809a48a497200e046d39ccc7112cd0"
    ),
  ])
  func `Digests are those of the standard`(_ text: String, _ digest: String) {
    let bytes = SHA256.digest(of: Array(text.utf8))
    #expect(
      bytes.map { String($0 >> 4, radix: 16) + String($0 & 15, radix: 16) }.joined() == digest)
  }

  @Test func `Base64 is Foundation's`() {
    withSeeds(0..<50) { random in
      let bytes = (0..<Int.random(in: 0...100, using: &random)).map { _ in
        UInt8.random(in: 0...255, using: &random)
      }
      #expect(Base64.text(bytes) == Data(bytes).base64EncodedString())
    }
  }

  @Test func `The policy lets the page's own script and style run, and nothing else`() throws {
    let page = try page("T1 acquire A\n")
    for (text, directive) in [
      (PageTemplate.script, "script-src"), (PageTemplate.style, "style-src"),
    ] {
      let hash = Data(SHA256.digest(of: Array(text.utf8))).base64EncodedString()
      #expect(page.contains("\(directive) 'sha256-\(hash)';"))
      #expect(page.contains(">\(text)</"))
    }
    #expect(page.contains(#"content="default-src 'none'; script-src"#))
    #expect(!PageTemplate.policy.contains("unsafe"))
    #expect(!PageTemplate.policy.contains("http"))
  }

  @Test func `Nothing of the page ends the element that it stands in`() {
    #expect(!PageTemplate.script.contains("</"))
    #expect(!PageTemplate.script.contains("<!--"))
    #expect(!PageTemplate.style.contains("<"))
    let slots = PageTemplate.parts.compactMap { part -> PageTemplate.Slot? in
      if case .slot(let slot) = part { slot } else { nil }
    }
    #expect(Set(slots) == Set(PageTemplate.Slot.allCases))
    #expect(slots.count == PageTemplate.Slot.allCases.count)
  }

  /// Text is made text by one function, and nothing in the script makes markup of it or loads.
  @Test(arguments: [
    "innerHTML", "outerHTML", "insertAdjacentHTML", "document.write", "createContextualFragment",
    "DOMParser", "srcdoc", "eval(", "new Function", "fetch(", "XMLHttpRequest", "WebSocket",
    "import(", "http:", "https:", "setAttribute('style'",
  ])
  func `The script does not use`(_ word: String) {
    let script = PageTemplate.script.replacing("http://www.w3.org/2000/svg", with: "")
    #expect(!script.contains(word))
    #expect(!PageTemplate.style.contains(word))
  }

  /// The scripts stand behind each other and are one to a linter too.
  @Test(.needs("biome", PageLinter.isHere))
  func `A linter finds nothing in script and style`() throws {
    let folder = try TemporaryFolder()
    _ = try folder.write(PageTemplate.script + "\n", to: "page.js")
    _ = try folder.write(PageTemplate.style + "\n", to: "page.css")
    let rules = "\(BuiltProducts.packageRoot)/Sources/LockGraphPage/Page/biome.json"
    _ = try folder.write(String(contentsOfFile: rules, encoding: .utf8), to: "biome.json")
    let result = try ProcessRunner(
      PageLinter.path, ["lint", "--error-on-warnings", "."], directory: folder.path
    ).run()
    #expect(result.status == .exited(0), "\(result.text)\(result.messages)")
  }

  @Test func `Data have no character that begins a tag, whatever the parts they come in`() throws {
    var written: [UInt8] = []
    let safe = ScriptSafeBytes { part in
      written.append(contentsOf: part)
      return true
    }
    for part in ["a<", "<", "", "b</script>", "<!--<"] {
      var part = part
      #expect(part.withUTF8 { safe.write(UnsafeRawBufferPointer($0)) })
    }
    #expect(
      String(decoding: written, as: UTF8.self)
        == #"a\u003c\u003cb\u003c/script>\u003c!--\u003c"#)
    let failing = ScriptSafeBytes { _ in false }
    #expect([UInt8](repeating: 0x3C, count: 2).withUnsafeBytes { !failing.write($0) })
  }

  @Test func `A name that ends scripts is text in data and title`() throws {
    let name = "</script><script>alert(1)</script>"
    var options = TraceAnalyzer.Options()
    options.reading.format = .text
    var analyzer = TraceAnalyzer(options: options)
    let text = """
      T1 acquire A class="\(name)"
      T1 acquire B
      T2 acquire B
      T2 acquire A
      """
    try analyzer.read(.bytes(Array(text.utf8), name: name))
    let page = String(decoding: PageReport(analyzer.finish()).bytes, as: UTF8.self)
    #expect(!page.contains("<script>alert"))
    #expect(page.ranges(of: "<script").count == 2)
    #expect(page.contains("script&gt; · LockGraph</title>"))
    #expect(page.contains(#"\u003c/script>"#))
  }

  @Test func `A picture is part of the page without what is not the page's`() {
    let text = EmbeddedPicture.text(
      "<?xml version=\"1.0\"?>\n<svg a=\"b\"><style>x</style><g id=\"class-A\"/>"
        + "<script>y</script ><script>z</script><g id=\"dep-A--B\"></g></svg>\n")
    #expect(text.hasPrefix("<svg a"))
    #expect(!text.contains("style"))
    #expect(!text.contains("script"))
    #expect(
      EmbeddedPicture.identifiers(in: "<svg><g id=\"class-A\"/><g id=\"b\"><g></g></g>") == [
        "class-A", "b",
      ])
  }

  private func page(_ trace: String) throws -> String {
    String(decoding: PageReport(try analyze(trace)).bytes, as: UTF8.self)
  }
}
