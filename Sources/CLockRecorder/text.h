// Texts of bounded length, put together without the heap.
#ifndef LGR_TEXT_H
#define LGR_TEXT_H

#include <stdbool.h>
#include <stddef.h>
#include <string.h>

#include "format.h"

struct lgr_text {
  char *next, *end;
  /// Nothing was cut off.
  bool is_whole;
};

static inline void lgr_text_begin(struct lgr_text *text, char *buffer, size_t size) {
  *text = (struct lgr_text){buffer, buffer + size - 1, true};
  *buffer = 0;
}

static inline void lgr_text_add_part(struct lgr_text *text, const char *part, size_t length) {
  if (length > (size_t)(text->end - text->next)) {
    length = (size_t)(text->end - text->next);
    text->is_whole = false;
  }
  memcpy(text->next, part, length);
  text->next += length;
  *text->next = 0;
}

static inline void lgr_text_add(struct lgr_text *text, const char *part) {
  lgr_text_add_part(text, part, strlen(part));
}

static inline void lgr_text_add_number(struct lgr_text *text, u64 number) {
  char digits[24];
  size_t first = sizeof digits;
  do {
    digits[--first] = (char)('0' + number % 10);
    number /= 10;
  } while (number > 0);
  lgr_text_add_part(text, digits + first, sizeof digits - first);
}

/// The decimal number at the beginning of a text; 0 if there is none.
static inline u64 lgr_number(const char *text) {
  u64 number = 0;
  while (*text >= '0' && *text <= '9') number = number * 10 + (u64)(*text++ - '0');
  return number;
}

#endif
