import TestSupport
import Testing

@testable import LockGraphEngine

/// These values are in the baselines of users: whatever is renamed or moved, they stay.
@Suite struct FingerprintStabilityTests {
  @Test(arguments: KnownFingerprint.ofCycles + KnownFingerprint.ofViolations)
  func `A problem has the fingerprint that it always had`(_ known: KnownFingerprint) throws {
    let found = try analyze(known.text).findings(known.rule).map(\.bothFingerprints)
    #expect(found == [known.fingerprint])
  }

  @Test(arguments: KnownFingerprint.ofKernelReports)
  func `A report of the kernel has the fingerprint that it always had`(
    _ known: KnownFingerprint
  ) throws {
    let found = try analyze(KernelLog.timed(known.text)).findings(known.rule).map(
      \.bothFingerprints)
    #expect(found == [known.fingerprint])
  }

  @Test func `A violated declaration has the fingerprint that it always had`() throws {
    var analysis = try analyze("T1 acquire Ledger\nT1 acquire Account\n")
    let declaration = Finding.Declaration(text: "Account before Ledger", source: "p.yml:3")
    _ = analysis.addDeclaredOrderFindings(limit: 10) { _ in
      ForbiddenDependency(why: "against the declared order", declaration: declaration)
    }
    #expect(analysis.findings.map(\.fingerprint) == ["ec84684d7bfe3e0b"])
  }

  @Test func `Every rule and every variant is among them`() {
    let known =
      KnownFingerprint.ofCycles + KnownFingerprint.ofViolations + KnownFingerprint.ofKernelReports
    #expect(
      Set(known.map(\.rule)).union([
        .declaredOrder, .referenceCountMisused, .stillWaiting, .longHold, .longWait,
        .heldAcrossSuspension, .resumedWhileHolding,
      ]) == Set(Rule.allCases))
    // In no trace and no kernel.
    let live: Set<ViolationVariant> = [
      .raisedFromZero, .loweredBelowZero, .saturated, .suspendedHolding, .resumedHolding,
    ]
    for variant in ViolationVariant.allCases where !live.contains(variant) {
      #expect(
        known.contains { $0.rule == variant.rule && $0.variant == variant.rawValue }, "\(variant)")
    }
  }
}

extension Finding {
  /// With the one without lines behind it, where there is one.
  fileprivate var bothFingerprints: String {
    [fingerprint, lineFreeFingerprint].compactMap(\.self).joined(separator: " ")
  }
}

extension KnownFingerprint: CustomTestStringConvertible {
  var testDescription: String { "\(rule.rawValue) \(variant)" }
}
