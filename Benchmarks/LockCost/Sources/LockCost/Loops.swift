// The loops that are measured. Each is a function of its own that the compiler cannot merge with
// its caller, and returns how many times a lock was taken and given up.

@inline(never)
func takeOne<Lock: MeasuredLock & ~Copyable>(_ lock: UnsafeMutablePointer<Lock>, _ times: Int)
  -> Int
{
  for _ in 0..<times {
    lock.pointee.locked { $0 &+= 1 }
  }
  return times
}

@inline(never)
func takeTwo<Lock: MeasuredLock & ~Copyable>(_ locks: UnsafeMutablePointer<Lock>, _ times: Int)
  -> Int
{
  for _ in 0..<times / 2 {
    locks[0].locked { value in
      value &+= 1
      locks[1].locked { $0 &+= 1 }
    }
  }
  return times / 2 * 2
}

@inline(never)
func takeFive<Lock: MeasuredLock & ~Copyable>(_ locks: UnsafeMutablePointer<Lock>, _ times: Int)
  -> Int
{
  for _ in 0..<times / 5 {
    locks[0].locked { value in
      value &+= 1
      locks[1].locked { value in
        value &+= 1
        locks[2].locked { value in
          value &+= 1
          locks[3].locked { value in
            value &+= 1
            locks[4].locked { $0 &+= 1 }
          }
        }
      }
    }
  }
  return times / 5 * 5
}

/// Takes each lock and with it the one that comes so many places later.
@inline(never)
func walk<Lock: MeasuredLock & ~Copyable>(
  _ locks: UnsafeMutablePointer<Lock>, count: Int, stride: Int
) -> Int {
  for index in 0..<count - stride {
    locks[index].locked { value in
      value &+= 1
      locks[index + stride].locked { $0 &+= 1 }
    }
  }
  return (count - stride) * 2
}

func walks<Lock: MeasuredLock & ~Copyable>(
  _ locks: UnsafeMutablePointer<Lock>, count: Int, _ times: Int
) -> Int {
  var taken = 0
  while taken < times { taken += walk(locks, count: count, stride: 1) }
  return taken
}

/// Makes and ends locks in the places of a small ring.
@inline(__always)
func make<Lock: ~Copyable>(_ times: Int, _ one: () -> Lock) -> Int {
  let ring = UnsafeMutablePointer<Lock>.allocate(capacity: 64)
  for index in 0..<64 { (ring + index).initialize(to: one()) }
  for time in 0..<times {
    (ring + (time & 63)).deinitialize(count: 1)
    (ring + (time & 63)).initialize(to: one())
  }
  ring.deinitialize(count: 64)
  ring.deallocate()
  return times
}
