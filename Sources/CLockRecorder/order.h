// The order of what threads do to one lock: Lamport numbers, see docs/recording-file.md, "Order".
#ifndef LGR_ORDER_H
#define LGR_ORDER_H

#include "state.h"

enum { LGR_STRIPES = 4096 };

/// Stripes are not wiped by a fork: a child's numbers go on from its parent's.
struct lgr_stripe {
  u64 number;
  /// Rises with each init and destroy of its locks, so that a new lock is not taken for an old one.
  u64 generation;
};
extern LGR_HIDDEN struct lgr_stripe lgr_stripes[LGR_STRIPES];

#define LGR_MIX 0x9e3779b97f4a7c15ull

LGR_INLINE struct lgr_stripe *lgr_stripe(u64 address) {
  return &lgr_stripes[address * LGR_MIX >> 52];
}

/// Takes a number above the thread's and all that the stripe had. Called while the lock is held.
LGR_INLINE u64 lgr_take_number(u64 own, u64 *stripe) {
  u64 seen = __atomic_load_n(stripe, __ATOMIC_RELAXED);
  u64 number;
  do {
    number = (own > seen ? own : seen) + 1;
  } while (unlikely(!__atomic_compare_exchange_n(
      stripe, &seen, number, false, __ATOMIC_ACQ_REL, __ATOMIC_RELAXED)));
  return number;
}

/// Lets whoever gets the lock next have a number above this. Called before the lock is free.
LGR_INLINE void lgr_raise(u64 *stripe, u64 number) {
  u64 seen = __atomic_load_n(stripe, __ATOMIC_RELAXED);
  while (seen < number && !__atomic_compare_exchange_n(stripe, &seen, number, false,
                                                       __ATOMIC_ACQ_REL, __ATOMIC_RELAXED)) {
  }
}

#endif
