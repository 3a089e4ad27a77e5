/// Numbers with what they count.
package enum Counted {
  /// `1 event`, `1200 events`: as messages say it, which programs read too.
  ///
  /// - Parameter many: what several are called; nil puts an `s` behind one.
  package static func plain(
    _ count: some BinaryInteger, _ one: String, _ many: String? = nil
  ) -> String {
    "\(count) \(noun(count, one, many))"
  }

  /// `1 event`, `1,200 events`: as reports and pictures say it.
  ///
  /// - Parameter many: what several are called; nil puts an `s` behind one.
  package static func grouped(
    _ count: some BinaryInteger, _ one: String, _ many: String? = nil
  ) -> String {
    "\(grouped(count)) \(noun(count, one, many))"
  }

  /// A number with commas between its thousands.
  package static func grouped(_ number: some BinaryInteger) -> String {
    let sign = number < 0 ? "-" : ""
    var digits = Array(String(number.magnitude))
    for position in stride(from: digits.count - 3, to: 0, by: -3) {
      digits.insert(",", at: position)
    }
    return sign + String(digits)
  }

  /// What so many are called.
  package static func noun(
    _ count: some BinaryInteger, _ one: String, _ many: String? = nil
  ) -> String {
    count == 1 ? one : many ?? one + "s"
  }
}
