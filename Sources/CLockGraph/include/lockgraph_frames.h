/// The calls that lead to a lock.
#ifndef LOCKGRAPH_FRAMES_H
#define LOCKGRAPH_FRAMES_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "lockgraph_thread.h"

/// The return addresses from the caller outwards, by the chain of frame pointers; returns how many.
///
/// Stops where a pointer leaves the thread's stack or goes backwards. Never touches memory outside
/// the stack, allocates nothing and takes no lock.
size_t lg_frames(const lg_thread *thread, uintptr_t *addresses, size_t limit);
/// The same with the frames of the functions that the addresses lie in.
size_t lg_frames_with_bounds(
    const lg_thread *thread, uintptr_t *addresses, uintptr_t *frames, size_t limit);
/// Whether the thread runs a signal handler, as far as the frames tell.
bool lg_is_in_signal_handler(const lg_thread *thread);
/// What the loader knows of an address: the file, where it is loaded, the symbol if it is exported.
typedef struct lg_location {
  const char *path;
  uintptr_t base;
  const char *symbol;
} lg_location;

bool lg_locate(uintptr_t address, lg_location *location);
/// The same without a symbol, and without waiting for who loads a library meanwhile. The path is
/// copied, and is the program's own where the loader gives none.
bool lg_locate_file(uintptr_t address, char *path, size_t size, uintptr_t *base);

/// Handles a signal, without SA_RESTART, unless it is ignored.
void lg_handle_signal(int number, void (*handler)(int));

/// Writes a line to standard error; safe in signal handlers.
void lg_say(const char *text);
void lg_say_number(uint32_t number);

#endif
