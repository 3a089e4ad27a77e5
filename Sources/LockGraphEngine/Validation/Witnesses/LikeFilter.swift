/// Whether a dependency with many witnesses may have the like of one more, without looking at them.
///
/// A Bloom filter of a cache line for each dependency that has so many that to look at them is dear
/// ("Space/Time Trade-offs in Hash Coding with Allowable Errors", 1970). It forgets nothing that
/// was added, so what it says not to be there is not there.
struct LikeFilter {
  private struct Bits {
    var words: (UInt64, UInt64, UInt64, UInt64, UInt64, UInt64, UInt64, UInt64) =
      (0, 0, 0, 0, 0, 0, 0, 0)

    /// Three bits of 512.
    @inline(__always)
    static func positions(_ key: UInt64) -> (UInt64, UInt64, UInt64) {
      (key & 511, (key >> 9) & 511, (key >> 18) & 511)
    }

    @inline(__always)
    func has(_ key: UInt64) -> Bool {
      let (first, second, third) = Self.positions(key)
      return withUnsafeBytes(of: words) { bytes in
        @inline(__always)
        func isSet(_ position: UInt64) -> Bool {
          bytes.load(fromByteOffset: Int(position >> 6) * 8, as: UInt64.self) >> (position & 63) & 1
            != 0
        }
        return isSet(first) && isSet(second) && isSet(third)
      }
    }

    mutating func add(_ key: UInt64) {
      let (first, second, third) = Self.positions(key)
      withUnsafeMutableBytes(of: &words) { bytes in
        for position in [first, second, third] {
          let offset = Int(position >> 6) * 8
          let word = bytes.load(fromByteOffset: offset, as: UInt64.self)
          bytes.storeBytes(
            of: word | 1 << (position & 63), toByteOffset: offset, as: UInt64.self)
        }
      }
    }
  }

  /// Fewer witnesses are looked at.
  static let least = 8

  private var filters: [Bits] = []
  /// By dependency, the number of its filter; 0 where it has none.
  private var numbers: [UInt32] = []

  /// - Parameter keys: of the witnesses that there are, asked for where there is no filter yet.
  /// - Complexity: O(1) but for the first time.
  @inline(__always)
  mutating func mayHave(
    _ key: UInt64, _ dependency: DependencyID, keys: ((UInt64) -> Void) -> Void
  ) -> Bool {
    if dependency.index < numbers.count, numbers[dependency.index] != 0 {
      return filters[Int(numbers[dependency.index]) - 1].has(key)
    }
    make(dependency, keys: keys)
    return filters[filters.count - 1].has(key)
  }

  @inline(never)
  private mutating func make(_ dependency: DependencyID, keys: ((UInt64) -> Void) -> Void) {
    while numbers.count <= dependency.index { numbers.append(0) }
    var bits = Bits()
    keys { bits.add($0) }
    filters.append(bits)
    numbers[dependency.index] = UInt32(filters.count)
  }

  /// A witness was added.
  mutating func note(_ key: UInt64, _ dependency: DependencyID) {
    guard dependency.index < numbers.count, numbers[dependency.index] != 0 else { return }
    filters[Int(numbers[dependency.index]) - 1].add(key)
  }

  /// Equal for witnesses that are alike.
  @inline(__always)
  static func key(
    _ wanted: LockID, _ held: LockID, _ kind: DependencyKinds, _ gates: UInt64, _ origin: UInt32,
    _ options: AcquisitionOptions
  ) -> UInt64 {
    let locks = UInt64(wanted.rawValue) << 32 | UInt64(held.rawValue)
    let rest =
      UInt64(origin) << 32 | UInt64(kind.rawValue) << 8
      | UInt64(options.intersection(.evidence).rawValue)
    return mixHash(mixHash(gates, locks), rest)
  }

  /// Witnesses were taken away.
  mutating func removeAll() {
    filters.removeAll(keepingCapacity: true)
    numbers.removeAll(keepingCapacity: true)
  }
}
