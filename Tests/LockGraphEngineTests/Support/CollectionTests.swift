import TestSupport
import Testing

@testable import LockGraphEngine

/// The tables against what they stand for.
@Suite struct CollectionTests {
  @Test func `The interner numbers byte strings by first appearance`() {
    withSeeds(0..<20) { generator in
      var interner = ByteInterner()
      var model: [[UInt8]: UInt32] = [:]
      for _ in 0..<2000 {
        let length = Int.random(in: 0...18, using: &generator)
        let string = (0..<length).map { _ in UInt8.random(in: 0...2, using: &generator) }
        let found = string.withUnsafeBytes { interner.find($0) }
        #expect(found == model[string], "\(TestContext.description)")
        let (id, isNew) = string.withUnsafeBytes { interner.intern($0) }
        #expect(isNew == (model[string] == nil), "\(TestContext.description)")
        let expected = model[string] ?? UInt32(model.count)
        #expect(id == expected, "\(TestContext.description)")
        model[string] = expected
      }
      #expect(interner.count == model.count)
      for (string, id) in model { #expect(interner.withBytes(id) { Array($0) } == string) }
    }
  }

  @Test func `Texts are put in the order of their bytes`() {
    withSeeds(0..<100) { generator in
      let texts = (0..<Int.random(in: 0..<40, using: &generator)).map { _ in
        let letters = ["a", "b", "\0", "\u{E9}", "\u{1F512}", "Module"]
        return (0..<Int.random(in: 0..<9, using: &generator)).map { _ in
          letters.randomElement(using: &generator)!
        }.joined()
      }
      var order = ByteOrder()
      order.reserve(texts.count)
      for text in texts { order.add(text) }
      let expected = texts.indices.sorted { one, other in
        let (left, right) = (Array(texts[one].utf8), Array(texts[other].utf8))
        return left == right ? one < other : left.lexicographicallyPrecedes(right)
      }
      #expect(order.sorted() == expected, "\(TestContext.description)")
    }
  }

  @Test func `Bytes are equal if they are, and then their hashes are`() {
    withSeeds(0..<200) { generator in
      let count = Int.random(in: 0...40, using: &generator)
      let bytes = (0..<count).map { _ in UInt8.random(in: 0...255, using: &generator) }
      // One byte apart, and at another address.
      var other = [0] + bytes
      let isChanged = count > 0 && Bool.random(using: &generator)
      if isChanged { other[.random(in: 1...count, using: &generator)] ^= 1 << 5 }
      bytes.withUnsafeBytes { one in
        other.withUnsafeBytes { shifted in
          let other = UnsafeRawBufferPointer(rebasing: shifted[1...])
          let areEqual = bytesAreEqual(one.baseAddress, other.baseAddress, count: count)
          #expect(areEqual == !isChanged, "\(TestContext.description)")
          #expect(
            (hashBytes(one, seed: 7) == hashBytes(other, seed: 7)) == !isChanged,
            "\(TestContext.description)")
        }
      }
    }
  }

  @Test func `The interner shows what is no UTF-8 as replacement characters`() {
    var interner = ByteInterner()
    let id = ([0x61, 0xFF] as [UInt8]).withUnsafeBytes { interner.intern($0).id }
    #expect(interner.string(id) == "a\u{FFFD}")
    #expect(interner.intern("a\u{FFFD}") != id)
  }

  @Test func `The pair table finds exactly what was put in`() {
    withSeeds(0..<20) { generator in
      var table = PairTable(minimumCapacity: 4)
      var model: [[UInt32]: UInt32] = [:]
      for _ in 0..<3000 {
        let range: ClosedRange<UInt32> = Bool.random(using: &generator) ? 0...40 : 0...(.max - 1)
        let pair = [
          UInt32.random(in: range, using: &generator), .random(in: range, using: &generator),
        ]
        #expect(table.value(pair[0], pair[1]) == model[pair], "\(TestContext.description)")
        guard model[pair] == nil else { continue }
        let value = UInt32.random(in: 0...(.max), using: &generator)
        table.insert(pair[0], pair[1], value: value)
        model[pair] = value
      }
      #expect(table.count == model.count)
      for (pair, value) in model { #expect(table.value(pair[0], pair[1]) == value) }
    }
  }

  @Test func `A chain in the cache is the sequence of its symbols`() {
    withSeeds(0..<20) { generator in
      var cache = ChainCache()
      var model: [[UInt32]: UInt32] = [[]: ChainCache.root]
      var counts: [[UInt32]: UInt64] = [:]
      for _ in 0..<400 {
        var (chain, symbols): (UInt32, [UInt32]) = (ChainCache.root, [])
        for _ in 0..<Int.random(in: 1...5, using: &generator) {
          let symbol = ChainCache.Symbol(
            lockClass: LockClassID(.random(in: 0...2, using: &generator)),
            mode: LockMode.allCases.randomElement(using: &generator)!,
            isTry: Bool.random(using: &generator), isExcusedByNest: false)
          let repeats = symbols.contains { $0 >> 5 == symbol.rawValue >> 5 }
          symbols.append(symbol.rawValue)
          let known = cache.position(of: chain, symbol)
          #expect(known.map { cache[$0].chain } == model[symbols])
          let position = cache.add(symbol, behind: chain)
          cache[position].count += 1
          counts[symbols, default: 0] += 1
          chain = cache[position].chain
          model[symbols] = chain
          #expect(cache[position].repeatsClass == repeats)
        }
        var seen: [UInt32] = []
        cache.forEachSymbol(of: chain) { seen.append($0.rawValue) }
        #expect(seen == symbols.reversed(), "\(TestContext.description)")
      }
      #expect(cache.count == model.count)
      cache.forEach { entry in
        var symbols = [entry.symbol.rawValue]
        cache.forEachSymbol(of: entry.parent) { symbols.append($0.rawValue) }
        #expect(entry.count == counts.removeValue(forKey: symbols.reversed()))
      }
      #expect(counts.isEmpty)
    }
  }

  @Test func `A cache of chains that do not come back gets smaller, and larger again`() {
    var cache = ChainCache(limit: 1 << 15)
    func fill(uses: UInt64) -> Int {
      while !cache.isFull {
        let symbol = ChainCache.Symbol(
          lockClass: LockClassID(UInt32(cache.count)), mode: .write, isTry: false,
          isExcusedByNest: false)
        let position = cache.add(symbol, behind: ChainCache.root)
        cache[position].count += uses
      }
      let count = cache.count
      cache.startAgain()
      #expect(cache.count == 1)
      return count - 1
    }
    #expect(fill(uses: 1) == 1 << 15)
    #expect(fill(uses: 1) == 1 << 13)
    #expect(fill(uses: 3) == 1 << 13)
    #expect(fill(uses: 3) == 1 << 15)
    #expect(fill(uses: 3) == 1 << 15)
  }

  @Test func `A symbol gives back what went in`() {
    for mode in LockMode.allCases {
      for (isTry, isExcused) in [(false, false), (true, false), (false, true)] {
        let symbol = ChainCache.Symbol(
          lockClass: LockClassID(99_999), mode: mode, isTry: isTry, isExcusedByNest: isExcused)
        #expect(symbol.lockClass.rawValue == 99_999)
        #expect(symbol.mode == mode)
        #expect(symbol.hasIncomingDependencies == (!isTry && !isExcused))
      }
    }
  }

  @Test func `Epochs are ordered as a naive search orders them`() {
    withSeeds(0..<50) { generator in
      var order = ForkJoinOrder()
      var before: [Set<UInt32>] = []
      for number in 0..<UInt32(40) {
        func earlier() -> UInt32 {
          number == 0 || Bool.random(using: &generator)
            ? ForkJoinOrder.none : .random(in: 0..<number, using: &generator)
        }
        let (first, second) = (earlier(), earlier())
        #expect(order.add(after: first, and: second) == number)
        before.append(
          [first, second].filter { $0 != ForkJoinOrder.none }.reduce(into: []) {
            $0.formUnion(before[Int($1)].union([$1]))
          })
      }
      for early in 0..<UInt32(40) {
        for late in 0..<UInt32(40) {
          var steps = 1000
          let isBefore = order.isBefore(early, late, steps: &steps)
          #expect(
            isBefore == before[Int(late)].contains(early),
            "\(TestContext.description)")
        }
      }
    }
  }
}
