#define _GNU_SOURCE
#include "steering.h"

#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "text.h"

enum {
  LGR_STEERING_SIZE = 256 << 10,
  LGR_STEERED_MODULES = 64,
  LGR_STEERED_CHAINS = 1024,
  LGR_CHAIN_FRAMES = 8,
  LGR_SHOWN_BUILD_ID = 128,
};

struct frame {
  u32 module;
  u64 offset;
};

/// The calls that lead to a place, innermost first, and which places of which sides that is.
struct chain {
  u32 places, count;
  struct frame frames[LGR_CHAIN_FRAMES];
};

struct known_module {
  u32 number;
  /// Hexadecimal digits, or "-"; and the name of the file.
  const char *build_id, *name;
};

static struct known_module modules[LGR_STEERED_MODULES];
static struct chain chains[LGR_STEERED_CHAINS];
static u32 module_count, chain_count, side_count, with_outer;
static bool is_steering;

u32 lgr_steered_sides(u32 *without_outer) {
  *without_outer = ((1u << side_count) - 1) & ~with_outer;
  return side_count;
}

/// The next word of a line, ended by a zero in its place; NULL behind the last one.
static char *next_word(char **line) {
  char *word = *line + strspn(*line, " ");
  if (*word == 0) return NULL;
  char *end = word + strcspn(word, " ");
  *line = *end == 0 ? end : end + 1;
  *end = 0;
  return word;
}

static u64 hexadecimal(const char **text) {
  u64 number = 0;
  for (;; (*text)++) {
    char digit = **text;
    if (digit >= '0' && digit <= '9') {
      number = number << 4 | (u64)(digit - '0');
    } else if (digit >= 'a' && digit <= 'f') {
      number = number << 4 | (u64)(digit - 'a' + 10);
    } else {
      return number;
    }
  }
}

/// `module NUMBER BUILD-ID PATH`
static void take_module(char *line) {
  char *number = next_word(&line), *build_id = next_word(&line);
  if (number == NULL || build_id == NULL || module_count == LGR_STEERED_MODULES) return;
  const char *slash = strrchr(line, '/');
  modules[module_count++] = (struct known_module){
      (u32)lgr_number(number), build_id, slash != NULL ? slash + 1 : line};
}

/// `outer MODULE+OFFSET …`, with the offset in hexadecimal digits.
static void take_chain(char *line, u32 first_bit) {
  if (side_count == 0 || chain_count == LGR_STEERED_CHAINS) return;
  struct chain *chain = &chains[chain_count];
  *chain = (struct chain){.places = 1u << (first_bit + side_count - 1)};
  for (char *word; (word = next_word(&line)) != NULL && chain->count < LGR_CHAIN_FRAMES;) {
    const char *offset = strchr(word, '+');
    if (offset == NULL) return;
    offset++;
    struct frame *frame = &chain->frames[chain->count++];
    *frame = (struct frame){(u32)lgr_number(word), hexadecimal(&offset)};
  }
  if (chain->count == 0) return;
  chain_count++;
  if (first_bit == 0) with_outer |= 1u << (side_count - 1);
}

static void take_line(char *line) {
  const char *word = next_word(&line);
  if (word == NULL) return;
  if (strcmp(word, "module") == 0) take_module(line);
  if (strcmp(word, "side") == 0) {
    if (side_count < LGR_SIDES_MOST) side_count++;
  }
  if (strcmp(word, "outer") == 0) take_chain(line, 0);
  if (strcmp(word, "inner") == 0) take_chain(line, LGR_SIDES_MOST);
}

static void take_text(char *text) {
  static const char first_line[] = "lockgraph steering 1\n";
  if (strncmp(text, first_line, sizeof first_line - 1) != 0) return;
  is_steering = true;
  for (char *line = text + sizeof first_line - 1; *line != 0;) {
    char *end = line + strcspn(line, "\n");
    bool is_last = *end == 0;
    *end = 0;
    take_line(line);
    line = is_last ? end : end + 1;
  }
}

static u64 milliseconds(const char *name, u64 otherwise) {
  const char *text = getenv(name);
  return (text == NULL || *text == 0 ? otherwise : lgr_number(text)) * 1000000;
}

void lgr_read_steering(void) {
  const char *path = getenv("LOCKGRAPH_STEER");
  if (path == NULL || *path != '/') return;
  int file = (int)syscall(SYS_openat, AT_FDCWD, path, O_RDONLY | O_CLOEXEC, 0);
  if (file < 0) return;
  // Names of modules stay where they were read.
  char *text = mmap(
      NULL, LGR_STEERING_SIZE, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
  if (text != MAP_FAILED) {
    u64 length = 0;
    while (length < LGR_STEERING_SIZE - 1) {
      long count = syscall(SYS_read, file, text + length, LGR_STEERING_SIZE - 1 - length);
      if (count <= 0) break;
      length += (u64)count;
    }
    take_text(text);
  }
  syscall(SYS_close, file);
  lgr_settings.pause = milliseconds("LOCKGRAPH_STEER_PAUSE", 100);
  lgr_settings.patience = milliseconds("LOCKGRAPH_STEER_PATIENCE", 5000);
  // Without sides circles are looked for, and nobody is kept.
  if (side_count == 0) lgr_settings.pause = 0;
  lgr_settings.is_steered = is_steering && (side_count == 0 || chain_count > 0);
}

u32 lgr_steered_module(const char *path, const u8 *build_id, u32 length) {
  char shown[LGR_SHOWN_BUILD_ID + 1];
  u32 count = 0;
  for (; count < length && 2 * count < LGR_SHOWN_BUILD_ID; count++) {
    shown[2 * count] = "0123456789abcdef"[build_id[count] >> 4];
    shown[2 * count + 1] = "0123456789abcdef"[build_id[count] & 15];
  }
  shown[2 * count] = 0;
  const char *slash = strrchr(path, '/');
  const char *name = slash != NULL ? slash + 1 : path;
  for (u32 index = 0; index < module_count; index++) {
    const struct known_module *module = &modules[index];
    bool is_same = strcmp(module->build_id, "-") == 0
                       ? count == 0 && strcmp(module->name, name) == 0
                       : strcmp(module->build_id, shown) == 0;
    if (is_same) return module->number + 1;
  }
  return 0;
}

static struct frame frame_of(u64 address) {
  const struct lgr_process *process = lgr_process;
  for (u32 index = process->module_count; index-- > 0;) {
    // A return address may be the first one behind its function.
    if (address - 1 >= process->modules[index].low && address - 1 < process->modules[index].high) {
      return (struct frame){
          process->modules[index].steered, address - process->modules[index].bias};
    }
  }
  return (struct frame){0, 0};
}

u32 lgr_steered_places(const struct lgr_stack *stack) {
  struct frame frames[LGR_CHAIN_FRAMES];
  u32 count = stack->count < LGR_CHAIN_FRAMES ? stack->count : LGR_CHAIN_FRAMES;
  for (u32 index = 0; index < count; index++) frames[index] = frame_of(stack->addresses[index]);
  u32 places = 0;
  for (u32 next = 0; next < chain_count; next++) {
    const struct chain *chain = &chains[next];
    u32 same = 0;
    while (same < chain->count && same < count) {
      struct frame wanted = chain->frames[same], found = frames[same];
      if (found.module != wanted.module + 1 || found.offset != wanted.offset) break;
      same++;
    }
    if (same == chain->count) places |= chain->places;
  }
  return places;
}
