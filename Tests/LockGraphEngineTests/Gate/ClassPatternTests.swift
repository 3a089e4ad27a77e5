import TestSupport
import Testing

@testable import LockGraphEngine

@Suite struct ClassPatternTests {
  @Test(arguments: [
    ("Account", "Account"), ("*", ""), ("*", "Account"), ("Acc*", "Account"),
    ("*.lock", "a.b.lock"),
    ("A?", "A1"), ("A?", "A锁"), ("?", "🔒"), (#"\*x"#, "*x"), (#"a\?"#, "a?"), (#"a\\b"#, #"a\b"#),
    (#"C:\dir"#, #"C:\dir"#), (#"a\"#, #"a\"#), ("Account", "Account/1"), ("Acc*", "Account/12"),
    ("Account/1", "Account/1"), ("*/1", "Account/1"), ("a*b*c", "aXbbYc"), ("**", "x"),
    ("Bank/*", "Bank/Bank.swift:10:22"), ("*mmap*", "&mm->mmap_lock/1"),
  ])
  func `A pattern means`(pattern: String, name: String) {
    #expect(ClassPattern(pattern).matches(name))
  }

  @Test(arguments: [
    ("Account", "account"), ("Account", "Accounts"), ("Account", "Account/"),
    ("Account", "Account/x"),
    ("Account/1", "Account"), ("Account/1", "Account/2"), ("A?", "A"), ("A?", "ABC"),
    (#"\*"#, "x"), (#"\?"#, "x"), ("a*b", "a"), ("", "x"), ("*.lock", "lock"), ("/1", "Account/1"),
  ])
  func `A pattern does not mean`(pattern: String, name: String) {
    #expect(!ClassPattern(pattern).matches(name))
  }

  @Test func `Patterns match as a matcher does that tries everything`() {
    func naive(_ pattern: Substring, _ name: Substring) -> Bool {
      guard let first = pattern.first else { return name.isEmpty }
      let rest = pattern.dropFirst()
      switch first {
      case "*": return naive(rest, name) || (!name.isEmpty && naive(pattern, name.dropFirst()))
      case "?": return !name.isEmpty && naive(rest, name.dropFirst())
      default: return name.first == first && naive(rest, name.dropFirst())
      }
    }
    var matches = 0
    withSeeds(0..<3000) { generator in
      func word(_ letters: String, _ length: Int) -> String {
        String(
          (0..<Int.random(in: 0...length, using: &generator)).map { _ in
            letters.randomElement(using: &generator)!
          })
      }
      let (pattern, name) = (word("ab**?", 7), word("ab", 9))
      let expected = naive(pattern[...], name[...])
      matches += expected ? 1 : 0
      #expect(ClassPattern(pattern).matches(name) == expected, "'\(pattern)' and '\(name)'")
    }
    #expect(matches > 300)
  }

  @Test func `A name is taken literally whatever it is made of`() {
    withSeeds(0..<500) { generator in
      func word() -> String {
        String(
          (0..<Int.random(in: 1...6, using: &generator)).map { _ in
            #"*?\a/1"#.randomElement(using: &generator)!
          })
      }
      let (name, other) = (word(), word())
      let pattern = ClassPattern(literally: name)
      #expect(pattern.literal == name)
      #expect(pattern.matches(name))
      let isLevel =
        other.hasPrefix(name + "/") && other.dropFirst(name.count + 1).allSatisfy(\.isNumber)
        && other.count > name.count + 1
      #expect(pattern.matches(other) == (other == name || isLevel), "'\(name)' and '\(other)'")
    }
  }

  @Test func `Long names and many wildcards end`() {
    let name = String(repeating: "a", count: 1 << 20)
    #expect(!ClassPattern("*a*a*a*a*b").matches(name))
    #expect(ClassPattern(name).matches(name))
  }
}
