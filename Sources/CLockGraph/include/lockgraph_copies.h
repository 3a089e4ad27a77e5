/// Several copies of this package in one process.
#ifndef LOCKGRAPH_COPIES_H
#define LOCKGRAPH_COPIES_H

#include <stddef.h>
#include <stdint.h>

/// Enters this copy among those of the process that are in use, once, and keeps it in memory from
/// then on: threads that end and the end of the program call it.
void lg_copy_begin(void);
/// Which of them it is, from 1, in the order of their first locks.
uint32_t lg_copy_number(void);
/// The file of the program or library that a copy is in, of this one (0) or the first of the others
/// (1).
const char *lg_copy_file(int which);

#endif
