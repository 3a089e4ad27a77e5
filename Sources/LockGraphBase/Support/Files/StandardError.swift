import Synchronization

#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#elseif canImport(Darwin)
  import Darwin
#endif

/// Tells people something. If nobody reads it, or it is closed, it is lost, and the program goes
/// on.
package func writeToStandardError(_ text: String) {
  var text = text
  text.withUTF8 { bytes in
    // Who did not read then is not waited for again.
    let patience = standardErrorStalled.load(ordering: .relaxed) ? 0 : DescriptorWriting.patience
    let count = DescriptorWriting.write(
      UnsafeRawBufferPointer(bytes), to: 2, patience: patience)
    let isStalled = count < bytes.count && errno == EAGAIN
    standardErrorStalled.store(isStalled, ordering: .relaxed)
  }
}

private let standardErrorStalled = Atomic<Bool>(false)
