/// How a class judges that one of its locks is taken while another one is held.
package enum ClassNesting: UInt8, Sendable, CaseIterable {
  /// Two locks in one order are a finding: the same code may nest them the other way.
  case reported
  /// Only locks that are nested in a circle are.
  case byInstance

  /// The trace format's word.
  package var word: String {
    switch self {
    case .reported: "reported"
    case .byInstance: "by-instance"
    }
  }
}
