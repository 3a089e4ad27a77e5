// Hashing and comparing short byte strings. The hash is for tables in memory: it is neither stable
// between versions nor safe against chosen keys beyond what open addressing with a full comparison
// needs.

/// A hash of bytes, sixteen of them a multiplication, as wyhash does it.
///
/// - Complexity: O(length).
@inline(__always)
package func hashBytes(_ bytes: UnsafeRawBufferPointer, seed: UInt64) -> UInt64 {
  guard var pointer = bytes.baseAddress else { return mixHash(seed, 0) }
  var rest = bytes.count
  var hash = seed &+ UInt64(truncatingIfNeeded: rest)
  while rest > 16 {
    hash = foldedProduct(
      pointer.loadUnaligned(as: UInt64.self) ^ 0xA076_1D64_78BD_642F,
      pointer.loadUnaligned(fromByteOffset: 8, as: UInt64.self) ^ hash)
    pointer += 16
    rest -= 16
  }
  var first: UInt64 = 0
  var last: UInt64 = 0
  if rest >= 8 {
    first = pointer.loadUnaligned(as: UInt64.self)
    last = (pointer + rest - 8).loadUnaligned(as: UInt64.self)
  } else if rest >= 4 {
    first = UInt64(pointer.loadUnaligned(as: UInt32.self))
    last = UInt64((pointer + rest - 4).loadUnaligned(as: UInt32.self))
  } else if rest > 0 {
    first = UInt64(pointer.load(as: UInt8.self))
    first |= UInt64((pointer + rest / 2).load(as: UInt8.self)) << 8
    first |= UInt64((pointer + rest - 1).load(as: UInt8.self)) << 16
  }
  hash = foldedProduct(first ^ 0xA076_1D64_78BD_642F, last ^ hash ^ 0x9E37_79B9_7F4A_7C15)
  return mixHash(hash, 0x2545_F491_4F6C_DD1D)
}

/// One step of a multiply-and-fold hash: the two halves of a 128-bit product, combined.
@inline(__always)
package func mixHash(_ state: UInt64, _ word: UInt64) -> UInt64 {
  foldedProduct(state ^ word ^ 0x9E37_79B9_7F4A_7C15, 0xD6E8_FEB8_6659_FD93)
}

@inline(__always)
private func foldedProduct(_ first: UInt64, _ second: UInt64) -> UInt64 {
  let product = first.multipliedFullWidth(by: second)
  return product.high ^ product.low
}

@inline(__always)
package func bytesAreEqual(
  _ left: UnsafeRawPointer?, _ right: UnsafeRawPointer?, count: Int
) -> Bool {
  guard count > 0, let left, let right else { return true }
  @inline(__always)
  func differ<Word: FixedWidthInteger & BitwiseCopyable>(_ offset: Int, _ type: Word.Type) -> Bool {
    left.loadUnaligned(fromByteOffset: offset, as: type)
      != right.loadUnaligned(fromByteOffset: offset, as: type)
  }
  if count >= 8 {
    // The last word overlaps the one before, so that no byte stands alone.
    var offset = 0
    while offset < count - 8 {
      if differ(offset, UInt64.self) { return false }
      offset += 8
    }
    return !differ(count - 8, UInt64.self)
  }
  if count >= 4 { return !differ(0, UInt32.self) && !differ(count - 4, UInt32.self) }
  return !differ(0, UInt8.self) && !differ(count / 2, UInt8.self) && !differ(count - 1, UInt8.self)
}
