import LockGraphEngine
import TestSupport
import Testing

@testable import LockGraphPolicy

@Suite struct HostilePolicyTests {
  @Test func `A file cut at any byte is refused with line and column, or read`() {
    let bytes = Array(PolicyFileTests.text.utf8)
    var refused = 0
    for count in 0..<bytes.count {
      guard let error = policyFailure(of: Array(bytes[..<count])) else { continue }
      refused += 1
      #expect(error.line != nil && error.column != nil, "cut at \(count): \(error)")
    }
    #expect(refused > bytes.count / 3)
  }

  @Test func `A damaged file is refused with line and column, or read`() {
    let bytes = Array(PolicyFileTests.text.utf8)
    var refused = 0
    withSeeds(0..<2500) { generator in
      guard let error = policyFailure(of: mutated(bytes, using: &generator)) else { return }
      refused += 1
      #expect(error.line != nil && error.column != nil, "\(TestContext.description): \(error)")
      #expect(
        !error.description.unicodeScalars.contains { $0.value < 0x20 && $0 != "\n" },
        "\(TestContext.description)")
    }
    #expect(refused > 1000)
  }

  @Test(arguments: ["[", "{", "- ", "? ", "{a: ", "[a,", "!!seq [", "- - ? "])
  func `Nesting is refused`(unit: String) {
    let text = "version: 1\norder:\n " + String(repeating: unit, count: 20_000)
    #expect(policyFailure(of: Array(text.utf8))?.message == "nested a thousand levels deep")
  }

  @Test func `Ten megabytes of nesting are refused`() {
    let text = "version: 1\norder: " + String(repeating: "[{a: ", count: 2_000_000)
    #expect(policyFailure(of: Array(text.utf8))?.message == "nested a thousand levels deep")
  }

  @Test func `Nesting by indentation is refused`() {
    let text =
      "version: 1\n"
      + (0..<3000).map { String(repeating: " ", count: $0) + "a:\n" }.joined()
    #expect(policyFailure(of: Array(text.utf8))?.message == "nested a thousand levels deep")
  }

  @Test func `Nesting below the bound of the parser is refused as no policy`() {
    for (open, close) in [("[", "]"), ("{a: ", "}"), ("[{? ", "}]")] {
      let text =
        "version: 1\norder: " + String(repeating: open, count: 400)
        + String(repeating: close, count: 400)
      #expect(policyFailure(of: Array(text.utf8))?.line == 2)
    }
  }

  /// Each level names the one before nine times; as a key, Yams would compare all of what it stands
  /// for.
  @Test(arguments: ["? *z\n: 1", "*z : 1", "z: {*z : 1}", "z: *z", "z:\n- *z"])
  func `Aliases that stand for more than fits into the world are refused`(end: String) {
    var text = "a: &a [x, x, x, x, x, x, x, x, x]\n"
    for level in Unicode.Scalar("b").value...Unicode.Scalar("z").value {
      let (name, last) = (Unicode.Scalar(level)!, Unicode.Scalar(level - 1)!)
      text +=
        "\(name): &\(name) [\(Array(repeating: "*\(last)", count: 9).joined(separator: ","))]\n"
    }
    let error = policyFailure(of: Array((text + end).utf8))
    #expect(error?.message == "an alias, with an anchor elsewhere in the file")
    #expect(error?.line == 2)
  }

  /// Looked for from the beginning of the line each, their places would take minutes.
  @Test func `A line of forty thousand names is read`() throws {
    let names = (0..<40_000).map { "é\($0)" }.joined(separator: ", ")
    let policy = try Policy(bytes: Array("version: 1\norder: [\(names)]\n".utf8), name: "p.yml")
    #expect(!policy.order.isEmpty)
    let error = policyFailure(of: Array("version: 1\norder: [\(names), é7]\n".utf8))
    #expect(error?.line == 2)
    #expect(error?.text?.contains("é7") == true)
  }

  @Test(arguments: [
    "# don't use &mm or *star\nversion: 1\norder:\n- [A, B]\n",
    "version: 1 # see &mm\norder: # and *star\n- [A, B]\n",
    "version: 1\norder:\n- ['A', B]\n  # *as* before &c\n",
    "version: 1\norder:\n- ['f(Foo &x)', 'g(Bar \\*p)']\n",
    "version: 1\norder:\n- [\"a\\x20&x\", \"b\\x20*y\"]\n",
  ])
  func `What only looks like aliases is none`(policy: String) throws {
    #expect(policyFailure(of: Array(policy.utf8)) == nil)
  }

  @Test(arguments: [
    "a: &a [x]\nb: [\"text\n # more\", *a]\n", "a: &a [x]\nb: ['text\n # more', *a]\n",
    "b: [\"text\n # more\", &a x]\nc: *a\n",
  ])
  func `No alias hides behind what looks like a comment`(text: String) {
    #expect(
      policyFailure(of: Array(text.utf8))?.message
        == "an alias, with an anchor elsewhere in the file")
  }

  @Test func `Names of any make go through a policy`() throws {
    let long = String(repeating: "long\"' ", count: 150_000)
    let names = [
      "two\nlines", "q\"'`", "tab\t", "\u{1B}[31m", "*star*", "&mm->mmap_lock", "- x", "a: b",
      "a #b", "{x}", "[x]", "null", "~", "true", "!t", "@", "%", "\u{202E}abc", "\u{2028}",
      "a\u{FEFF}",
      "锁 🔒", "e\u{301}", "\u{E9}", " blank ", "\\", "?", "| ", "> ", "Account/1", "---", "...",
      "<<", "=", long,
    ]
    let text =
      "version: 1\norder:\n"
      + names.map { "- " + YAMLText.scalar(ClassPattern(literally: $0).text) + "\n" }.joined()
    let policy = try policy(text)
    #expect(policy.order.chains[0].groups.map { $0[0].pattern.literal } == names)
    #expect(
      try policy.violations(in: nestings([(names[1], names[0]), (names[0], names[2])]))
        == ["\(names[1])>\(names[0])"])
  }
}
