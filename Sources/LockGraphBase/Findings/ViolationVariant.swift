/// What exactly happened, where a rule has several ways to be violated.
///
/// The raw values go into fingerprints, which are in people's baselines: a case may be renamed, its
/// raw value may not.
package enum ViolationVariant: String, Sendable, CaseIterable {
  case notHeld = "notHeld"
  case heldByOther = "heldByOther"
  case heldByInterrupted = "heldByInterrupted"
  case exited = "exited"
  case returned = "returned"
  case destroyed = "destroyed"
  case initialized = "initialized"
  case neverTaken = "neverTaken"
  case releasedFirst = "releasedFirst"
  case waitsInContext = "waitsInContext"
  case waitsHolding = "waitsHolding"
  case waitsUnderSpin = "waitsUnderSpin"
  case spinsInContext = "spinsInContext"
  case spinsHolding = "spinsHolding"
  case sleepsInContext = "sleepsInContext"
  case sleepsHolding = "sleepsHolding"
  case assertedHeld = "assertedHeld"
  case assertedNotHeld = "assertedNotHeld"
  case assertedRead = "assertedRead"
  case assertedWrite = "assertedWrite"
  case pinnedUnheld = "pinnedUnheld"
  case notPinned = "notPinned"
  case releasedPinned = "releasedPinned"
  case notEntered = "notEntered"
  case leftOutOfOrder = "leftOutOfOrder"
  case leftHolding = "leftHolding"
  case notMasked = "notMasked"
  case endedInside = "endedInside"
  case waitsOnCondition = "waitsOnCondition"
  case suspendedHolding = "suspendedHolding"
  case resumedHolding = "resumedHolding"
  case raisedFromZero = "raisedFromZero"
  case loweredBelowZero = "loweredBelowZero"
  case saturated = "saturated"
  case frozen = "frozen"
  case executed = "executed"
  case workEnded = "workEnded"
  case wrongProcessor = "wrongProcessor"
  case badMagic = "badMagic"

  /// What is violated.
  package var rule: Rule {
    switch self {
    case .notHeld, .heldByOther, .heldByInterrupted, .wrongProcessor: .releaseNotHeld
    case .exited, .returned, .frozen, .executed, .workEnded: .heldAtExit
    case .badMagic: .lockCorrupted
    case .destroyed, .initialized: .destroyedWhileHeld
    case .neverTaken, .releasedFirst: .nestNotHeld
    case .waitsInContext, .waitsHolding, .waitsUnderSpin, .spinsInContext, .spinsHolding,
      .sleepsInContext,
      .sleepsHolding:
      .invalidWaitContext
    case .assertedHeld, .assertedNotHeld, .assertedRead, .assertedWrite: .assertionFailed
    case .pinnedUnheld, .notPinned, .releasedPinned: .pinViolated
    case .notEntered, .leftOutOfOrder, .leftHolding, .notMasked, .endedInside: .unbalancedContext
    case .waitsOnCondition: .waitWhileHolding
    case .suspendedHolding: .heldAcrossSuspension
    case .resumedHolding: .resumedWhileHolding
    case .raisedFromZero, .loweredBelowZero, .saturated: .referenceCountMisused
    }
  }

  /// How bad it is; programs may sleep under a spin lock, if they should not.
  package var severity: Severity { self == .waitsUnderSpin ? .warning : rule.severity }

  /// Its part of a fingerprint: what is the same in a kernel and in a program has one.
  package var identity: String { self == .waitsUnderSpin ? Self.waitsHolding.rawValue : rawValue }
}
