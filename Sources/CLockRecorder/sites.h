// Which place of the program called: a number for a return address and, where that is in a wrapper
// of locks, for who called the wrapper.
#ifndef LGR_SITES_H
#define LGR_SITES_H

#include "order.h"
#include "state.h"

enum {
  /// Frames of frame-pointer code that are looked through, and how small a wrapper's frame is.
  LGR_WRAPPERS = 5,
  LGR_WRAPPER_FRAME = 80,
  /// Sites of one return address; more are one.
  LGR_CONTEXTS_MOST = 256,
  LGR_FRAME_CONTEXTS_MOST = 4096,
};

LGR_SLOW u32 lgr_new_site(struct lgr_thread *thread, struct lgr_place place);
LGR_SLOW u32 lgr_find_site(struct lgr_thread *thread, struct lgr_place place, u64 context);

LGR_INLINE bool lgr_is_on_stack(const struct lgr_thread *thread, u64 address, u64 from) {
  return address >= from && address < thread->stack_high && address % 8 == 0;
}

/// Follows frame pointers while frames are as small as wrappers have them.
LGR_INLINE u64 lgr_frames_key(const struct lgr_thread *thread, struct lgr_place place) {
  u64 key = place.address;
  u64 frame = *(const u64 *)place.frame;
  if (!lgr_is_on_stack(thread, frame, place.frame)) return key;
  for (int depth = 0; depth < LGR_WRAPPERS; depth++) {
    u64 address = ((const u64 *)frame)[1];
    u64 next = ((const u64 *)frame)[0];
    key = (key ^ address) * LGR_MIX;
    // A frame so near is on this stack, whatever code may have left in its register.
    if (next - frame > LGR_WRAPPER_FRAME || !lgr_is_on_stack(thread, next, frame + 16)) break;
    frame = next;
  }
  return key;
}

/// What tells the site from others of its return address: 0, or what the stack has.
LGR_INLINE u64 lgr_context(
    const struct lgr_thread *thread, struct lgr_place place, int64_t slot) {
  if (slot == 0) return 0;
  if (slot < 0) return lgr_frames_key(thread, place);
  u64 address = place.frame + (u64)slot;
  return likely(address < thread->stack_high) ? *(const u64 *)address : 0;
}

LGR_INLINE u32 lgr_caller_index(u64 address) { return (address ^ address >> 8) & 0xff; }
LGR_INLINE u32 lgr_site_index(u64 key) { return (key ^ key >> 9) & 0x1ff; }

LGR_INLINE u32 lgr_site(struct lgr_thread *thread, struct lgr_place place) {
  const struct lgr_caller *caller = &thread->callers[lgr_caller_index(place.address)];
  if (unlikely(caller->address != place.address)) return lgr_new_site(thread, place);
  u64 context = lgr_context(thread, place, caller->slot);
  if (unlikely(caller->context != context)) return lgr_find_site(thread, place, context);
  return (u32)caller->site;
}

#endif
