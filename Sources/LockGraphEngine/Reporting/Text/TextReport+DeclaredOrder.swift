// A lock that was taken against a declaration: who did it, and what is declared.

extension TextReport {
  mutating func addDeclaration(_ finding: Finding) {
    guard let declaration = finding.declaration else { return }
    wrapped(
      "Declared at \(declaration.source): \(declaration.text).".withVisibleControls, indent: 4,
      hanging: 2)
  }

  mutating func addDeclaredOrder(_ finding: Finding) {
    addEvidence(InversionScenario(finding), finding)
    heading("Why it counts")
    addDeclaration(finding)
    wrapped("One acquisition against it is enough, whether or not there is a cycle.", indent: 4)
    guard let advice = finding.rule.advice else { return }
    heading("What helps")
    wrapped(advice, indent: 4)
  }
}
