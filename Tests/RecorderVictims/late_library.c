// A library whose constructor takes a lock of the program. While one thread is in there, another
// holds that lock at a place that the recorder has not seen yet.
//
//     cc -shared -fPIC -DLIBRARY late_library.c -o late.so
//     cc -rdynamic late_library.c -o late_library
//     late_library ./late.so
#define _GNU_SOURCE
#include <dlfcn.h>
#include <pthread.h>
#include <stdio.h>
#include <unistd.h>

#ifdef LIBRARY
extern pthread_mutex_t shared;
extern volatile int is_loading;

__attribute__((constructor)) static void construct(void) {
  is_loading = 1;
  pthread_mutex_lock(&shared);
  pthread_mutex_unlock(&shared);
}

void late_work(void) {
  pthread_mutex_lock(&shared);
  pthread_mutex_unlock(&shared);
}
#else
pthread_mutex_t shared = PTHREAD_MUTEX_INITIALIZER;
static pthread_mutex_t first_seen[50];
volatile int is_loading;
static volatile int is_held;

static void *hold(void *unused) {
  pthread_mutex_lock(&shared);
  is_held = 1;
  while (!is_loading) usleep(100);
  usleep(20000);
  // New places, new locks, a new thread name: whatever the recorder does slowly, it does now.
#define NEW(index)                           \
  pthread_mutex_lock(&first_seen[index]);    \
  pthread_mutex_unlock(&first_seen[index])
  NEW(0); NEW(1); NEW(2); NEW(3); NEW(4); NEW(5); NEW(6); NEW(7);
  pthread_setname_np(pthread_self(), "holder");
  pthread_mutex_unlock(&shared);
  return unused;
}

int main(int count, char **arguments) {
  if (count != 2) return 2;
  pthread_t thread;
  pthread_create(&thread, NULL, hold, NULL);
  while (!is_held) usleep(100);
  void *library = dlopen(arguments[1], RTLD_NOW);
  if (library == NULL) {
    puts(dlerror());
    return 3;
  }
  pthread_join(thread, NULL);
  void (*work)(void) = (void (*)(void))dlsym(library, "late_work");
  work();
  dlclose(library);
  puts("loaded");
  return 0;
}
#endif
