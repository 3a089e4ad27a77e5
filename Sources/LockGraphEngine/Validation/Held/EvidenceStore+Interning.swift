// Texts of events, as evidence has them.

extension EvidenceStore {
  mutating func intern(_ text: ArraySlice<UInt8>) -> UInt32 {
    text.withUnsafeBytes { places.intern($0).id }
  }

  mutating func intern(_ text: UnsafeRawBufferPointer?) -> UInt32 {
    text.map { places.intern($0).id } ?? 0
  }
}
