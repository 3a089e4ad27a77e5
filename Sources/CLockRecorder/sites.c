#include "sites.h"

#include <string.h>

#include "process.h"
#include "steering.h"
#include "unwind_stack.h"

enum { LGR_STACK_COPY = 1024 };

/// A slot of a table of that many buckets, by linear probing. NULL if the table is nearly full.
static struct lgr_caller_bucket *caller_bucket(u64 address) {
  u64 index = address * LGR_MIX >> 50;
  for (int probes = 0; probes < 64; probes++) {
    struct lgr_caller_bucket *bucket =
        &lgr_process->callers[(index + (u64)probes) % LGR_CALLER_BUCKETS];
    u64 found = __atomic_load_n(&bucket->address, __ATOMIC_ACQUIRE);
    if (found == address || found == 0) return bucket;
  }
  return NULL;
}

static struct lgr_site_bucket *site_bucket(u64 key) {
  u64 index = key * LGR_MIX >> 48;
  for (int probes = 0; probes < 64; probes++) {
    struct lgr_site_bucket *bucket =
        &lgr_process->sites[(index + (u64)probes) % LGR_SITE_BUCKETS];
    u64 found = __atomic_load_n(&bucket->key, __ATOMIC_ACQUIRE);
    if (found == key || found == 0) return bucket;
  }
  return NULL;
}

/// What tells sites of this return address apart: nothing, if it is in a function that is too large
/// for a wrapper; else the chain of frame pointers, if the code keeps one, or the place on the
/// stack where this function's own return address is.
static int32_t slot_of_caller(
    const struct lgr_thread *thread, struct lgr_place place, const struct lgr_stack *stack) {
  if (stack->count < 2) return 0;
  u64 frame = *(const u64 *)place.frame;
#if defined(__x86_64__)
  if (lgr_is_on_stack(thread, frame, place.frame) && frame + 16 == stack->outer_frame) return -1;
  u64 address = stack->outer_frame - 8;
  u64 above = address - place.frame;
  if (stack->outer_frame == 0 || above > 2 * LGR_WRAPPER_FRAME ||
      !lgr_is_on_stack(thread, address, place.frame) ||
      *(const u64 *)address != stack->addresses[1]) {
    return 0;
  }
  return (int32_t)above;
#else
  bool has_frame = lgr_is_on_stack(thread, frame, place.frame) &&
                   lgr_is_on_stack(thread, frame + 8, place.frame) &&
                   ((const u64 *)frame)[1] == stack->addresses[1];
  return has_frame ? -1 : 0;
#endif
}

static u64 bytes_of_stack(const struct lgr_stack *stack) {
  if (!lgr_settings.copies_stacks) return 0;
  u64 size = stack->end - stack->frame;
  return size > LGR_STACK_COPY ? LGR_STACK_COPY : size / 8 * 8;
}

/// Word by word, and not by the C library: a sanitizer would look at what is copied.
static void copy_stack(u8 *to, u64 from, u64 size) {
  for (u64 offset = 0; offset < size; offset += 8) {
    *(volatile u64 *)(to + offset) = *(const volatile u64 *)(from + offset);
  }
}

/// Writes a site into the tables, and makes it found. Process locked.
static u32 add_site(
    struct lgr_thread *thread, const struct lgr_stack *stack, struct lgr_site_bucket *bucket,
    u64 key, bool is_merged) {
  struct lgr_process *process = lgr_process;
  u64 copied = bytes_of_stack(stack);
  u64 registers = copied > 0 ? LGR_REGISTERS : 0;
  u64 size = 40 + 8 * stack->count + 8 * registers + copied;
  u8 *entry = lgr_begin_entry(size);
  if (entry == NULL) return 0;
  u32 site = process->site_count + 1;
  u32 *words = (u32 *)entry;
  words[2] = site;
  words[3] = thread->number;
  memcpy(entry + 16, &stack->frame, 8);
  words[6] = stack->count;
  words[7] = (u32)copied;
  words[8] = (u32)registers;
  words[9] = is_merged ? 1 : 0;
  u8 *next = entry + 40;
  memcpy(next, stack->addresses, 8 * stack->count);
  next += 8 * stack->count;
  memcpy(next, stack->registers, 8 * registers);
  next += 8 * registers;
  copy_stack(next, stack->frame, copied);
  lgr_finish_entry(entry, LGR_SITE, size);
  process->site_count = site;
  process->header->sites = site;
  if (unlikely(lgr_settings.is_steered) && site < LGR_SITE_BUCKETS) {
    process->steer.places[site] = lgr_steered_places(stack);
  }
  bucket->site = site;
  __atomic_store_n(&bucket->key, key, __ATOMIC_RELEASE);
  return site;
}

static bool is_module_known(u64 address) {
  struct lgr_process *process = lgr_process;
  for (u32 index = process->module_count; index-- > 0;) {
    if (address >= process->modules[index].low && address < process->modules[index].high) {
      return true;
    }
  }
  return false;
}

static u64 key_of(struct lgr_place place, u64 context) {
  u64 key = (place.address ^ context * LGR_MIX) * LGR_MIX;
  return key == 0 ? 1 : key;
}

/// Makes a site the one that its return address has in the thread's cache. A signal handler in
/// between finds nothing, or one that is whole.
static u32 remember(
    struct lgr_thread *thread, struct lgr_place place, int64_t slot, u64 context, u32 site) {
  struct lgr_caller *caller = &thread->callers[lgr_caller_index(place.address)];
  caller->address = 0;
  lgr_barrier();
  caller->slot = slot;
  caller->context = context;
  caller->site = site;
  lgr_barrier();
  caller->address = place.address;
  return site;
}

u32 lgr_new_site(struct lgr_thread *thread, struct lgr_place place) {
  // A signal handler inside this very code: it goes without a place.
  if (thread->inside > 0) return 0;
  struct lgr_caller_bucket *bucket = caller_bucket(place.address);
  int32_t slot = 0;
  if (bucket != NULL && bucket->address == place.address) {
    slot = bucket->slot;
  } else if (bucket != NULL) {
    struct lgr_guard guard;
    struct lgr_stack stack;
    lgr_block_signals(&guard);
    lgr_unwind(place, &stack);
    slot = slot_of_caller(thread, place, &stack);
    if (!is_module_known(place.address - 1)) lgr_note_modules();
    lgr_lock_process();
    bucket = caller_bucket(place.address);
    if (bucket != NULL && bucket->address == 0) {
      bucket->slot = slot;
      __atomic_store_n(&bucket->address, place.address, __ATOMIC_RELEASE);
    }
    lgr_unlock_process();
    lgr_restore_signals(&guard);
  }
  remember(thread, place, slot, ~0ull, 0);
  return lgr_find_site(thread, place, lgr_context(thread, place, slot));
}

/// The site in the tables of the process; it is added if it is not there.
static u32 look_up(struct lgr_thread *thread, struct lgr_place place, u64 *context) {
  u64 key = key_of(place, *context);
  struct lgr_site_bucket *bucket = site_bucket(key);
  if (bucket != NULL && bucket->key == key) return bucket->site;
  struct lgr_guard guard;
  struct lgr_stack stack;
  lgr_block_signals(&guard);
  lgr_unwind(place, &stack);
  lgr_lock_process();
  struct lgr_caller_bucket *caller = caller_bucket(place.address);
  bool is_merged = false;
  if (*context != 0 && caller != NULL && caller->address == place.address) {
    u32 most = caller->slot < 0 ? LGR_FRAME_CONTEXTS_MOST : LGR_CONTEXTS_MOST;
    if (caller->contexts >= most) {
      is_merged = true;
      *context = 0;
      key = key_of(place, 0);
      lgr_process->header->merged_sites++;
    } else {
      caller->contexts++;
    }
  }
  bucket = site_bucket(key);
  u32 site = 0;
  if (bucket != NULL) {
    site = bucket->key == key ? bucket->site : add_site(thread, &stack, bucket, key, is_merged);
  }
  lgr_unlock_process();
  lgr_restore_signals(&guard);
  return site;
}

u32 lgr_find_site(struct lgr_thread *thread, struct lgr_place place, u64 context) {
  if (thread->inside > 0) return 0;
  struct lgr_caller *caller = &thread->callers[lgr_caller_index(place.address)];
  int64_t slot = caller->address == place.address ? caller->slot : 0;
  // Return addresses with several contexts in turn are the rule in wrappers.
  u64 key = key_of(place, context);
  struct lgr_site_slot *cached = &thread->sites[lgr_site_index(key)];
  u32 site;
  if (cached->key == key) {
    site = (u32)cached->site;
  } else {
    u64 found = context;
    site = look_up(thread, place, &found);
    // Too many contexts: the address alone counts from here on.
    if (found != context) {
      slot = 0;
      context = 0;
      key = key_of(place, 0);
      cached = &thread->sites[lgr_site_index(key)];
    }
    cached->key = 0;
    lgr_barrier();
    cached->site = site;
    lgr_barrier();
    cached->key = key;
  }
  return remember(thread, place, slot, context, site);
}
