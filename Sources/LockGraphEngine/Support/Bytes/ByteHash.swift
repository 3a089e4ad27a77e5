// Hashing and comparing short byte strings. The hash is for tables in memory: it is neither stable
// between versions nor safe against chosen keys beyond what open addressing with a full comparison
// needs.

@inline(__always)
package func hashBytes(_ bytes: UnsafeRawBufferPointer, seed: UInt64) -> UInt64 {
  guard var pointer = bytes.baseAddress else { return mixHash(seed, 0) }
  var rest = bytes.count
  var hash = seed &+ UInt64(truncatingIfNeeded: rest)
  while rest >= 8 {
    hash = mixHash(hash, pointer.loadUnaligned(as: UInt64.self))
    pointer += 8
    rest -= 8
  }
  if rest > 0 {
    var tail: UInt64 = 0
    if rest >= 4 {
      tail = UInt64(pointer.loadUnaligned(as: UInt32.self))
      let last = UInt64((pointer + rest - 4).loadUnaligned(as: UInt32.self))
      tail |= last << 32
    } else {
      tail = UInt64(pointer.load(as: UInt8.self))
      tail |= UInt64((pointer + rest / 2).load(as: UInt8.self)) << 8
      tail |= UInt64((pointer + rest - 1).load(as: UInt8.self)) << 16
    }
    hash = mixHash(hash, tail)
  }
  return mixHash(hash, 0x2545_F491_4F6C_DD1D)
}

/// One step of a multiply-and-fold hash: the two halves of a 128-bit product, combined.
@inline(__always)
package func mixHash(_ state: UInt64, _ word: UInt64) -> UInt64 {
  let product = (state ^ word ^ 0x9E37_79B9_7F4A_7C15).multipliedFullWidth(
    by: 0xD6E8_FEB8_6659_FD93)
  return product.high ^ product.low
}

@inline(__always)
package func bytesAreEqual(
  _ left: UnsafeRawPointer?, _ right: UnsafeRawPointer?, count: Int
) -> Bool {
  guard count > 0, var left, var right else { return true }
  var rest = count
  while rest >= 8 {
    guard left.loadUnaligned(as: UInt64.self) == right.loadUnaligned(as: UInt64.self) else {
      return false
    }
    left += 8
    right += 8
    rest -= 8
  }
  while rest > 0 {
    guard left.load(as: UInt8.self) == right.load(as: UInt8.self) else { return false }
    left += 1
    right += 1
    rest -= 1
  }
  return true
}
