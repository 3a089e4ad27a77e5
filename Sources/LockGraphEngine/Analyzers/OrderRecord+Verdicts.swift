extension OrderRecord {
  /// Keeps what the events of the one input that was read say of the cycles of its order.
  ///
  /// - Parameter limit: how many cycles are asked about where they are not folded.
  /// - Complexity: that of the analysis, where there are cycles.
  mutating func keepVerdicts(of input: TraceInput, _ prediction: InputPrediction, limit: Int) {
    let report = InversionReport(
      self, order: CanonicalOrder(table: table, graph: graph),
      resolver: EvidenceResolver(self, inputNames: [input.name]), limit: limit,
      isFolded: foldsInversions, predict: prediction.predictor(self), keepsVerdicts: true,
      privacy: { _ in nil })
    cycleVerdicts = report.verdicts ?? CycleVerdicts()
  }
}
