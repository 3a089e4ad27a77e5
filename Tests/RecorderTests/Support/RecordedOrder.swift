/// What a merged recording says of who holds what. Throws where two hold one lock.
struct RecordedOrder {
  /// Holders for writing, and how often; holders for reading.
  private(set) var writers: [UInt64: (thread: UInt32, count: Int)] = [:]
  private(set) var readers: [UInt64: [UInt32]] = [:]
  private var waiting: [UInt32: (mutex: UInt64, holder: (thread: UInt32, count: Int)?)] = [:]
  private let isForked: Bool

  init(_ file: RecordedFile) throws {
    isForked = file.isForked
    for record in file.merged { try take(record) }
  }

  private mutating func take(_ record: RecordedFile.Record) throws {
    func wrong(_ what: String) -> RecordedFile.Damage {
      RecordedFile.Damage(description: "\(what): \(record)")
    }
    let semaphore: UInt8 = 6
    let recursive: Set<UInt8> = [1, 9, 10, 15]
    switch record.operation {
    case .acquire, .held:
      guard record.kind != semaphore else { return }
      let writer = writers[record.address]
      if record.isShared {
        guard writer == nil else { throw wrong("read while it is written") }
        if !record.isClosed { readers[record.address, default: []].append(record.thread) }
        return
      }
      guard writer == nil || (writer!.thread == record.thread && recursive.contains(record.kind))
      else { throw wrong("taken while it is held") }
      guard readers[record.address, default: []].isEmpty else {
        throw wrong("written while it is read")
      }
      if !record.isClosed {
        writers[record.address] = (record.thread, (writer?.count ?? 0) + 1)
      }
    case .release:
      guard record.kind != semaphore else { return }
      if let writer = writers[record.address], writer.thread == record.thread {
        writers[record.address] = writer.count == 1 ? nil : (writer.thread, writer.count - 1)
      } else if let index = readers[record.address]?.firstIndex(of: record.thread) {
        readers[record.address]!.remove(at: index)
      } else if !isForked {
        throw wrong("released and not held")
      }
    case .waitMutex:
      waiting[record.thread] = (record.address, writers.removeValue(forKey: record.address))
    case .wake:
      guard let waited = waiting.removeValue(forKey: record.thread) else {
        throw wrong("woken and not waiting")
      }
      guard writers[waited.mutex] == nil else { throw wrong("woken while the mutex is held") }
      writers[waited.mutex] = waited.holder
    default: return
    }
  }
}
