// The recording's format, as docs/recording-file.md has it.
#ifndef LGR_FORMAT_H
#define LGR_FORMAT_H

#include <assert.h>
#include <stdint.h>

typedef uint8_t u8;
typedef uint32_t u32;
typedef uint64_t u64;

enum {
  LGR_VERSION = 1,
  LGR_PAGE = 4096,
  /// Chunks begin and end at multiples of this.
  LGR_GRAIN = 1024,
  LGR_CHUNK_HEADER = 128,
  LGR_PATH_SIZE = 1024,
  LGR_NAME_SIZE = 64,
  LGR_FRAMES = 24,
};

#define LGR_MAGIC "\x89LGT\r\n\x1a\n"
#define LGR_CHUNK_MAGIC 0x4843474cu
#define LGR_BYTE_ORDER 0x01020304u

enum lgr_file_flag { LGR_FORKED = 1, LGR_TIMED = 2, LGR_NAMED = 4 };
enum lgr_end { LGR_RUNS = 0, LGR_ENDED = 1, LGR_EXECUTED = 2 };
enum lgr_level { LGR_ORDERS = 1, LGR_SHAPES = 2, LGR_ALL = 3 };
enum lgr_chunk_kind { LGR_RECORDS = 1, LGR_TABLES = 2 };
enum lgr_chunk_flag { LGR_LAST_CHUNK = 1 };
enum lgr_entry {
  LGR_SITE = 1,
  LGR_MODULE = 2,
  LGR_THREAD_NAME = 3,
  LGR_LABEL = 4,
  LGR_PROGRAM = 5,
  LGR_SHARED_MEMORY = 6,
};

struct lgr_header {
  char magic[8];
  u32 version, header_size, byte_order, flags, machine, level, pid, parent_pid;
  u64 start_ticks;
  u8 boot[16];
  u64 wall_start, monotonic_start;
  u32 end, exit_status;
  u64 sealed, next_chunk;
  u32 threads, sites;
  u64 lost_records, lost_signal_events, lost_thread_events, merged_sites, failed_growths;
  u32 growth_error, unfollowed;
  u64 acquisitions, unseen_namespaces;
  /// Of a run that is steered: how many threads are in the circle that has closed, whether it is
  /// the one that was asked for, which places were reached, how often and how long threads were
  /// kept, how often all sides were there.
  u32 circle, circle_is_asked, reached, pauses;
  u64 paused_time;
  u32 gathered, is_steered;
  u8 reserved[48];
  char path[LGR_PATH_SIZE];
  char name[LGR_NAME_SIZE];
};
static_assert(__builtin_offsetof(struct lgr_header, end) == 80, "");
static_assert(__builtin_offsetof(struct lgr_header, lost_records) == 112, "");
static_assert(__builtin_offsetof(struct lgr_header, acquisitions) == 160, "");
static_assert(__builtin_offsetof(struct lgr_header, circle) == 176, "");
static_assert(__builtin_offsetof(struct lgr_header, path) == 256, "");
static_assert(__builtin_offsetof(struct lgr_header, name) == 1280, "");

struct lgr_chunk {
  u32 magic, kind;
  u64 offset, length;
  u32 thread, tid;
  u64 order_base, previous, watermark;
  u32 index, flags;
  u64 acquisitions, dropped, lost, pthread;
  u8 reserved[32];
};
static_assert(sizeof(struct lgr_chunk) == LGR_CHUNK_HEADER, "");
static_assert(__builtin_offsetof(struct lgr_chunk, watermark) == 48, "");
static_assert(__builtin_offsetof(struct lgr_chunk, pthread) == 88, "");

enum lgr_operation {
  LGR_WAIT = 1,
  LGR_ACQUIRE = 2,
  LGR_HELD = 3,
  LGR_FAILED = 4,
  LGR_RELEASE = 5,
  LGR_POST = 6,
  LGR_OWNER_DIED = 7,
  LGR_INIT = 8,
  LGR_VALUE = 9,
  LGR_DESTROY = 10,
  LGR_WAIT_MUTEX = 16,
  LGR_CONDITION_WAIT = 17,
  LGR_WAKE = 18,
  LGR_SIGNAL = 19,
  LGR_BROADCAST = 20,
  LGR_BARRIER = 21,
  LGR_BARRIER_LEFT = 22,
  LGR_SPAWN = 32,
  LGR_START = 33,
  LGR_END = 34,
  LGR_JOIN_WAIT = 35,
  LGR_JOIN = 36,
  LGR_DETACH = 37,
  LGR_FORK = 38,
  LGR_EXEC = 39,
  LGR_PROCESS = 40,
  LGR_DROPPED = 48,
  LGR_LOST = 49,
  LGR_WIDE = 50,
  LGR_TIME = 51,
};

/// Bits 0 to 3 of the flags of an acquisition, and of an init.
enum lgr_flag { LGR_SHARED = 1, LGR_TRIED = 2, LGR_TIMEOUT = 4, LGR_CLOSED = 8 };
enum lgr_init_flag { LGR_PSHARED = 1, LGR_ROBUST = 2, LGR_PRIORITY = 4 };

/// Bits 4 to 7.
enum lgr_kind {
  LGR_MUTEX = 0 << 4,
  LGR_RECURSIVE = 1 << 4,
  LGR_ERROR_CHECK = 2 << 4,
  LGR_RWLOCK = 3 << 4,
  LGR_RWLOCK_WRITERS = 4 << 4,
  LGR_SPIN = 5 << 4,
  LGR_SEMAPHORE = 6 << 4,
  LGR_ONCE = 7 << 4,
  LGR_GUARD = 8 << 4,
  LGR_STREAM = 9 << 4,
  LGR_LOADER = 10 << 4,
  LGR_QUEUE = 11 << 4,
  LGR_CONDITION = 12 << 4,
  LGR_IS_BARRIER = 13 << 4,
  LGR_C11 = 14 << 4,
  LGR_C11_RECURSIVE = 15 << 4,
};
#define LGR_KIND_MASK 0xf0u

/// What fits beside flags and operation. Addresses of programs are smaller.
#define LGR_ADDRESS_MASK 0xffffffffffffull
#define LGR_CLOSED_BIT ((u64)LGR_CLOSED << 48)

static inline u64 lgr_first_word(u32 operation, u32 flags, u64 address) {
#if defined(__aarch64__)
  // The upper byte may be a tag.
  address &= LGR_ADDRESS_MASK;
#endif
  return address | (u64)(flags | operation << 8) << 48;
}

static inline u64 lgr_second_word(u64 number, u32 site) {
  return (number & 0xffffffffu) | (u64)site << 32;
}

#endif
