extension JudgedFinding {
  /// All that the report for people says of it, without a newline at its end.
  var evidence: String {
    var text = TextReport(self).text
    while text.last == "\n" { text.removeLast() }
    return text
  }
}
