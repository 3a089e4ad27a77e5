import LockGraphEngine
import TestSupport
import Testing

@testable import LockGraphRecording

/// The file that says where a program is kept.
struct SteeringTextTests {
  private func randomPlace(
    _ modules: Int, using generator: inout SeededGenerator
  ) -> Steering.Place {
    let names = ["take (bank.c:12:3)", "Bank::move(int, char)", "main", "", "λ (a b.c:1)"]
    var place = Steering.Place(
      at: ["bank.c:12:3", "/a b/c.swift:4", nil].randomElement(using: &generator)!,
      stack: (0..<Int.random(in: 0...3, using: &generator)).map { _ in
        names.randomElement(using: &generator)!
      })
    guard modules > 0 else { return place }
    place.chains = (0..<Int.random(in: 0...3, using: &generator)).map { _ in
      (0..<Int.random(in: 1...Steering.mostFrames, using: &generator)).map { _ in
        Steering.Frame(
          module: .random(in: 0..<modules, using: &generator),
          offset: .random(in: 0...UInt64.max, using: &generator))
      }
    }
    return place
  }

  private func randomSteering(using generator: inout SeededGenerator) -> Steering {
    let modules = Int.random(in: 0...4, using: &generator)
    var steering = Steering(
      fingerprint: ["", "83f3f91a65c14b5a"].randomElement(using: &generator)!,
      title: ["", "a and b are taken in both orders"].randomElement(using: &generator)!,
      sides: (0..<Int.random(in: 2...Steering.mostSides, using: &generator)).map { _ in
        var inner = randomPlace(modules, using: &generator)
        if inner.at == nil, inner.stack.isEmpty, inner.chains.isEmpty { inner.at = "x.c:1" }
        var outer: Steering.Place? = randomPlace(modules, using: &generator)
        if outer?.at == nil, outer?.stack.isEmpty == true, outer?.chains.isEmpty == true {
          outer = nil
        }
        return .init(outer: outer, inner: inner)
      })
    steering.modules = (0..<modules).map { number in
      .init(buildIdentifier: number % 2 == 0 ? "" : "0badcafe", path: "/usr/lib/lib \(number).so")
    }
    return steering
  }

  @Test("What is written is read as it was")
  func roundTrip() throws {
    try withSeeds(0..<200) { generator in
      let steering = randomSteering(using: &generator)
      let read = try Steering(steering.text, named: "x")
      #expect(read == steering, "\(TestContext.description)")
    }
  }

  @Test("Damage is an error with its place, or something that can be written again")
  func damage() {
    withSeeds(0..<500) { generator in
      let bytes = mutated(Array(randomSteering(using: &generator).text.utf8), using: &generator)
      let text = String(decoding: bytes, as: UTF8.self)
      do throws(TraceError) {
        let steering = try Steering(text, named: "x")
        #expect((2...Steering.mostSides).contains(steering.sides.count))
      } catch {
        #expect(error.line != nil && error.column != nil && error.expected != nil)
      }
    }
  }

  @Test("Each error says where it is and what was expected")
  func errors() {
    let cases: [(String, UInt64, Int, String)] = [
      ("lockgraph steering 2\n", 1, 1, "is no steering that this version reads"),
      ("", 1, 1, "is no steering that this version reads"),
      ("lockgraph steering 1\nside\ninner-at a\n", 4, 1, "no circle"),
      ("lockgraph steering 1\nsides\n", 2, 1, "unknown word"),
      ("lockgraph steering 1\ninner-at x.c:1\n", 2, 1, "place outside a side"),
      ("lockgraph steering 1\nside\nside\n", 3, 1, "the side before has no place where it waits"),
      ("lockgraph steering 1\nmodule 1 - /a\n", 2, 8, "module out of order"),
      ("lockgraph steering 1\nmodule 0 xyz /a\n", 2, 10, "no build-id"),
      ("lockgraph steering 1\nmodule 0 -\n", 2, 11, "module without a path"),
      (
        "lockgraph steering 1\nmodule 0 - /a\nside\ninner 0+1 1+2\n", 4, 11,
        "no address in a module above"
      ),
      ("lockgraph steering 1\nmodule 0 - /a\nside\ninner\n", 4, 6, "0 addresses"),
      (
        "lockgraph steering 1\nmodule 0 - /a\nside\ninner 0+1 0+1 0+1 0+1 0+1 0+1 0+1 0+1 0+1\n",
        4, 7, "9 addresses"
      ),
    ]
    for (text, line, column, message) in cases {
      do throws(TraceError) {
        _ = try Steering(text, named: "x")
        Issue.record("\(text) is read")
      } catch {
        #expect(error.line == line && error.column == column, "\(text): \(error)")
        #expect(error.message == message)
      }
    }
  }

  @Test("Places that no thread came to are those whose bits are not there")
  func missed() {
    let places = ["a", "b", "c", "d"].map { Steering.Place(at: $0, stack: []) }
    let steering = Steering(
      fingerprint: "", title: "",
      sides: [
        .init(outer: places[0], inner: places[1]), .init(outer: nil, inner: places[2]),
        .init(outer: places[3], inner: places[1]),
      ])
    #expect(steering.missed(0).map(\.at) == ["a", "b", "c", "d"])
    #expect(steering.missed(1 | 1 << 16 | 1 << 18).map(\.at) == ["c", "d"])
    #expect(steering.missed(1 | 1 << 2 | 7 << 16).isEmpty)
  }
}
