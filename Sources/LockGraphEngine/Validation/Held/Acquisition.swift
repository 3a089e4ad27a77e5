/// One request or acquisition, with names resolved.
struct Acquisition {
  var thread: ThreadID
  var lock: LockID
  var lockClass: LockClassID
  var mode: LockMode
  var options: AcquisitionOptions
  var nest: LockID?
  var at: UnsafeRawBufferPointer?
  var stack: UnsafeRawBufferPointer?
  var line: UInt64
  /// Tells nestings of the same locks apart that are different evidence.
  var origin: UInt32 = 0
}
