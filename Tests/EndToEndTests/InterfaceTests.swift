import Foundation
import TestSupport
import Testing

/// That nothing public changes unseen. `docs/compatibility.md` says what a change means.
@Suite("The public interface")
struct InterfaceTests {
  @Test("It is what api/ has")
  func recorded() throws {
    let products = URL(fileURLWithPath: try BuiltProducts.executable("lockdep-check"))
      .deletingLastPathComponent().path
    var runner = ProcessRunner("\(BuiltProducts.packageRoot)/scripts/api", [products])
    runner.timeout = .seconds(300)
    let result = try runner.run()
    #expect(result.status == .exited(0), "\(result.text)\(result.messages)")
  }
}
