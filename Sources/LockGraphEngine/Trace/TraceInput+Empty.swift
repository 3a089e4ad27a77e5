extension TraceInput {
  /// It held nothing. A log without reports is not empty: that nothing was reported is what it
  /// says.
  public var isEmpty: Bool {
    events == 0 && facts == 0 && TraceFormat(rawValue: format)?.absence == nil
  }
}
