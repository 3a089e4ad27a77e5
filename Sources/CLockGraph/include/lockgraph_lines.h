/// Places in the source of addresses of the running program, from its debug information.
#ifndef LOCKGRAPH_LINES_H
#define LOCKGRAPH_LINES_H

#include <stddef.h>
#include <stdint.h>

/// A section of a program file.
typedef struct lg_section {
  const uint8_t *start;
  size_t size;
} lg_section;

/// An address and, once it is found, its place. The texts are in the sections.
typedef struct lg_place {
  uint64_t address;
  /// NULL where it is not found.
  const char *file;
  /// The folder of the file, or NULL.
  const char *folder;
  uint32_t line;
  /// How many bytes of code the line has there.
  uint64_t length;
} lg_place;

/// Looks addresses up, in rising order, in the line table of a program file [DWARF 4 and 5, 6.2].
/// What is damaged, or of another version, is passed over; nothing outside of the sections is read.
void lg_find_places(
    lg_section lines, lg_section line_strings, lg_section strings, lg_place *places, size_t count);

#endif
