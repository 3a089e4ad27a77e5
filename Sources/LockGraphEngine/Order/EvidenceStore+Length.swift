extension EvidenceStore {
  /// How much there is of each.
  struct Length {
    var entries = 0
    var records = 0
    var held = 0
  }

  var length: Length { Length(entries: entryCount, records: records.count, held: held.count) }
}
