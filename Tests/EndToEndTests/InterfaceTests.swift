import TestSupport
import Testing

/// That nothing public changes unseen. `docs/compatibility.md` says what a change means.
@Suite("The public interface")
struct InterfaceTests {
  @Test("It is what api/ has")
  func recorded() throws {
    let result = try ProcessRunner("\(BuiltProducts.packageRoot)/scripts/api", []).run()
    #expect(result.status == .exited(0), "\(result.text)\(result.messages)")
  }
}
