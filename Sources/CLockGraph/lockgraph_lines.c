#include "include/lockgraph_lines.h"

#include <stdbool.h>
#include <string.h>

// What is left to read. Beyond the end everything is zero, and `failed` says so.
typedef struct reader {
  const uint8_t *at;
  const uint8_t *end;
  bool failed;
} reader;

static uint64_t read_bytes(reader *r, size_t size) {
  if ((size_t)(r->end - r->at) < size) {
    r->failed = true;
    r->at = r->end;
    return 0;
  }
  uint64_t value = 0;
  memcpy(&value, r->at, size);
  r->at += size;
  return value;
}

/// The same for one byte, of which there are many: built into its callers in debug builds too.
__attribute__((always_inline)) static inline uint8_t read_byte(reader *r) {
  if (r->at < r->end) return *r->at++;
  r->failed = true;
  return 0;
}

static void skip(reader *r, uint64_t size) {
  if ((uint64_t)(r->end - r->at) < size) {
    r->failed = true;
    r->at = r->end;
  } else {
    r->at += size;
  }
}

static uint64_t read_unsigned(reader *r) {
  uint64_t value = 0;
  for (unsigned shift = 0;; shift += 7) {
    uint8_t byte = read_byte(r);
    if (shift < 64) value |= (uint64_t)(byte & 0x7f) << shift;
    if (!(byte & 0x80) || r->failed) return value;
  }
}

static int64_t read_signed(reader *r) {
  uint64_t value = 0;
  for (unsigned shift = 0;;) {
    uint8_t byte = read_byte(r);
    if (shift < 64) value |= (uint64_t)(byte & 0x7f) << shift;
    shift += 7;
    if (byte & 0x80 && !r->failed) continue;
    if (shift < 64 && byte & 0x40) value |= ~(uint64_t)0 << shift;
    return (int64_t)value;
  }
}

/// A text with its end, or NULL.
static const char *read_text(reader *r) {
  const uint8_t *end = memchr(r->at, 0, (size_t)(r->end - r->at));
  if (end == NULL) {
    r->failed = true;
    r->at = r->end;
    return NULL;
  }
  const char *text = (const char *)r->at;
  r->at = end + 1;
  return text;
}

static const char *text_at(lg_section section, uint64_t offset) {
  if (offset >= section.size) return NULL;
  reader r = {section.start + offset, section.start + section.size, false};
  return read_text(&r);
}

/// Where a unit has its folders and files.
typedef struct unit {
  unsigned version;
  bool is_wide;
  reader tables;
  lg_section line_strings;
  lg_section strings;
} unit;

enum { CONTENT_PATH = 1, CONTENT_FOLDER = 2 };

/// One attribute of an entry of version 5.
static void read_form(
    reader *r, const unit *u, uint64_t form, const char **text, uint64_t *number) {
  size_t offset_size = u->is_wide ? 8 : 4;
  switch (form) {
    case 0x08: *text = read_text(r); break;                                        // string
    case 0x1f: *text = text_at(u->line_strings, read_bytes(r, offset_size)); break;  // line_strp
    case 0x0e: *text = text_at(u->strings, read_bytes(r, offset_size)); break;       // strp
    case 0x0b: *number = read_bytes(r, 1); break;
    case 0x05: *number = read_bytes(r, 2); break;
    case 0x06: *number = read_bytes(r, 4); break;
    case 0x07: *number = read_bytes(r, 8); break;
    case 0x0f: *number = read_unsigned(r); break;  // udata
    case 0x1e: skip(r, 16); break;                 // data16, a checksum
    case 0x09: skip(r, read_unsigned(r)); break;   // block
    default: r->failed = true;
  }
}

/// The wanted entry of a table of version 5.
static void read_entries(
    reader *r, const unit *u, uint64_t wanted, const char **text, uint64_t *folder) {
  uint64_t contents[16], forms[16];
  size_t width = (size_t)read_bytes(r, 1);
  if (width > 16) r->failed = true;
  for (size_t index = 0; index < width && !r->failed; index++) {
    contents[index] = read_unsigned(r);
    forms[index] = read_unsigned(r);
  }
  uint64_t count = read_unsigned(r);
  for (uint64_t entry = 0; entry < count && !r->failed; entry++) {
    for (size_t index = 0; index < width; index++) {
      const char *found = NULL;
      uint64_t number = 0;
      read_form(r, u, forms[index], &found, &number);
      if (entry != wanted) continue;
      if (contents[index] == CONTENT_PATH) *text = found;
      if (contents[index] == CONTENT_FOLDER) *folder = number;
    }
  }
}

static void find_file(const unit *u, uint64_t file, const char **name, const char **folder) {
  *name = *folder = NULL;
  uint64_t number = 0, ignored = 0;
  if (u->version >= 5) {
    reader folders = u->tables, files = u->tables;
    const char *text = NULL;
    read_entries(&files, u, UINT64_MAX, &text, &ignored);
    read_entries(&files, u, file, name, &number);
    read_entries(&folders, u, number, folder, &ignored);
    return;
  }
  // Folder 0 is that of the compilation, which the table does not name.
  reader r = u->tables, folders = u->tables;
  for (;;) {
    const char *text = read_text(&r);
    if (text == NULL || *text == 0) break;
  }
  for (uint64_t entry = 1; !r.failed; entry++) {
    const char *text = read_text(&r);
    if (text == NULL || *text == 0) return;
    number = read_unsigned(&r);
    read_unsigned(&r);
    read_unsigned(&r);
    if (entry == file) {
      *name = text;
      break;
    }
  }
  for (uint64_t entry = 1; entry <= number; entry++) {
    const char *text = read_text(&folders);
    if (text == NULL || *text == 0) return;
    if (entry == number) *folder = text;
  }
}

/// The first place whose address is not below one.
static size_t first_from(const lg_place *places, size_t count, uint64_t address) {
  size_t low = 0, high = count;
  while (low < high) {
    size_t middle = (low + high) / 2;
    if (places[middle].address < address) {
      low = middle + 1;
    } else {
      high = middle;
    }
  }
  return low;
}

typedef struct row {
  uint64_t address;
  uint64_t file;
  uint32_t line;
} row;

/// A row says what is from its address to the one of the next.
static void close_row(
    const unit *u, const row *from, uint64_t end, lg_place *places, size_t count) {
  if (from->address == 0 || from->line == 0 || end <= from->address) return;
  uint64_t length = end - from->address;
  for (size_t index = first_from(places, count, from->address);
       index < count && places[index].address < end; index++) {
    lg_place *place = &places[index];
    // Code that was thrown away may be said to be anywhere: the shortest row is right.
    if (place->file != NULL && place->length <= length) continue;
    const char *name, *folder;
    find_file(u, from->file, &name, &folder);
    if (name == NULL) continue;
    place->file = name;
    place->folder = folder;
    place->line = from->line;
    place->length = length;
  }
}

static void run_program(
    reader r, const unit *u, unsigned step, int line_base, unsigned line_range,
    unsigned opcode_base, const uint8_t *lengths, lg_place *places,
    size_t count) {
  row now = {0, 1, 1}, last = {0, 0, 0};
  // Most rows are outside of all that is looked for.
  uint64_t first = places[0].address, end = places[count - 1].address;
  while (r.at < r.end && !r.failed) {
    unsigned opcode = read_byte(&r);
    bool is_row = false;
    if (opcode >= opcode_base) {
      unsigned adjusted = opcode - opcode_base;
      now.address += adjusted / line_range * step;
      now.line = (uint32_t)((int64_t)now.line + line_base + (int)(adjusted % line_range));
      is_row = true;
    } else if (opcode == 0) {
      uint64_t size = read_unsigned(&r);
      if (size == 0 || size > (uint64_t)(r.end - r.at)) return;
      const uint8_t *next = r.at + size;
      unsigned extended = (unsigned)read_bytes(&r, 1);
      if (extended == 1) {
        close_row(u, &last, now.address, places, count);
        last = (row){0, 0, 0};
        now = (row){0, 1, 1};
      } else if (extended == 2) {
        now.address = read_bytes(&r, size - 1 <= 8 ? size - 1 : 8);
      }
      r.at = next;
    } else {
      switch (opcode) {
        case 1: is_row = true; break;
        case 2: now.address += read_unsigned(&r) * step; break;
        case 3: now.line = (uint32_t)((int64_t)now.line + read_signed(&r)); break;
        case 4: now.file = read_unsigned(&r); break;
        case 8: now.address += (255 - opcode_base) / line_range * step; break;
        case 9: now.address += read_bytes(&r, 2); break;
        default:
          for (uint8_t operand = 0; operand < lengths[opcode - 1]; operand++) read_unsigned(&r);
      }
    }
    if (is_row) {
      if (now.address > first && last.address <= end) {
        close_row(u, &last, now.address, places, count);
      }
      last = now;
    }
  }
}

void lg_find_places(
    lg_section lines, lg_section line_strings, lg_section strings, lg_place *places,
    size_t count) {
  if (count == 0) return;
  reader all = {lines.start, lines.start + lines.size, false};
  while (all.at < all.end && !all.failed) {
    unit u = {0, false, {NULL, NULL, false}, line_strings, strings};
    uint64_t size = read_bytes(&all, 4);
    if (size == 0xffffffffu) {
      u.is_wide = true;
      size = read_bytes(&all, 8);
    }
    if (all.failed || size > (uint64_t)(all.end - all.at)) return;
    reader r = {all.at, all.at + size, false};
    all.at += size;
    u.version = (unsigned)read_bytes(&r, 2);
    if (u.version < 2 || u.version > 5) continue;
    if (u.version >= 5) skip(&r, 2);
    uint64_t header = read_bytes(&r, u.is_wide ? 8 : 4);
    if (r.failed || header > (uint64_t)(r.end - r.at)) continue;
    reader program = {r.at + header, r.end, false};
    unsigned step = (unsigned)read_bytes(&r, 1);
    if (u.version >= 4) skip(&r, 1);
    skip(&r, 1);
    int line_base = (int8_t)read_bytes(&r, 1);
    unsigned line_range = (unsigned)read_bytes(&r, 1);
    unsigned opcode_base = (unsigned)read_bytes(&r, 1);
    if (line_range == 0 || opcode_base == 0) continue;
    const uint8_t *lengths = r.at;
    skip(&r, opcode_base - 1);
    if (r.failed) continue;
    u.tables = (reader){r.at, program.at, false};
    run_program(
        program, &u, step, line_base, line_range, opcode_base, lengths, places, count);
  }
}
