/// Colour for people's terminals, or none.
struct TextStyle {
  var isColored: Bool

  enum Role: String {
    case error = "1;31"
    case warning = "1;33"
    case note = "1;36"
    case strong = "1"
    case faint = "2"
  }

  func paint(_ text: String, _ role: Role) -> String {
    isColored ? "\u{1B}[\(role.rawValue)m\(text)\u{1B}[0m" : text
  }

  func paint(_ text: String, _ severity: Severity) -> String {
    switch severity {
    case .error: paint(text, Role.error)
    case .warning: paint(text, Role.warning)
    case .note: paint(text, Role.note)
    }
  }
}
