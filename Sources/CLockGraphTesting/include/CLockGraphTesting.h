/// Following work from the thread that starts it to the one that runs it.
///
/// In an executable that links this, threads of pthread_create and blocks of dispatch run within
/// the scope of the code that started them. Where the C library is not glibc, and under sanitizers,
/// which do the same to the same functions, nothing is followed.
#ifndef LOCKGRAPH_CLOCKGRAPHTESTING_H
#define LOCKGRAPH_CLOCKGRAPHTESTING_H

#include <stdbool.h>

typedef struct lgt_scopes {
  /// The scope of the running code, retained; null if there is none.
  void *(*capture)(void);
  /// Calls the body within a scope, on a thread that lives for it alone or on any.
  void (*run)(void *scope, bool is_own_thread, void (*body)(void *), void *context);
  void (*release)(void *scope);
} lgt_scopes;

/// Whether anything is followed in this program.
bool lgt_can_follow(void);
/// Says how; once, and before anything is followed.
void lgt_set_scopes(lgt_scopes scopes);
/// Whether there are scopes at all. Nothing is looked at while there are none.
void lgt_set_open(bool is_open);

#endif
