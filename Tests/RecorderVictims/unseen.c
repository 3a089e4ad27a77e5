// Takes locks in ways that pass a preloaded library by.
//
//     cc -shared -fPIC -DLIBRARY unseen.c -o unseen.so
//     cc unseen.c -o unseen
//     unseen deep|space|handle ./unseen.so
#define _GNU_SOURCE
#include <dlfcn.h>
#include <pthread.h>
#include <stdio.h>
#include <string.h>

#ifdef LIBRARY
int take(int rounds);
int take(int rounds) {
  static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
  for (int round = 0; round < rounds; round++) {
    pthread_mutex_lock(&lock);
    pthread_mutex_unlock(&lock);
  }
  return rounds;
}
#else
int main(int count, char **arguments) {
  if (count != 3) return 2;
  static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
  if (strcmp(arguments[1], "handle") == 0) {
    void *library = dlopen("libc.so.6", RTLD_NOW);
    int (*acquire)(pthread_mutex_t *) =
        (int (*)(pthread_mutex_t *))dlsym(library, "pthread_mutex_lock");
    int (*release)(pthread_mutex_t *) =
        (int (*)(pthread_mutex_t *))dlsym(library, "pthread_mutex_unlock");
    for (int round = 0; round < 1000; round++) {
      acquire(&lock);
      release(&lock);
    }
  } else {
    void *library = strcmp(arguments[1], "deep") == 0
                        ? dlopen(arguments[2], RTLD_NOW | RTLD_DEEPBIND)
                        : dlmopen(LM_ID_NEWLM, arguments[2], RTLD_NOW);
    if (library == NULL) {
      puts(dlerror());
      return 3;
    }
    int (*take)(int) = (int (*)(int))dlsym(library, "take");
    if (take == NULL || take(1000) != 1000) return 3;
  }
  puts("taken");
  return 0;
}
#endif
