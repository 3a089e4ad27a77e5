// A signal handler that takes a lock interrupts every single instruction of the hooks: the trap
// flag of the processor raises SIGTRAP after each.
//
//     stepped PAIRS       x86-64 alone
//
// Prints how often the interrupted code (`outer`, `inner`) and the handler (`handled`) had a lock,
// with their addresses.
#define _GNU_SOURCE
#include <pthread.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <ucontext.h>

static pthread_mutex_t outer = PTHREAD_MUTEX_INITIALIZER;
static pthread_mutex_t inner = PTHREAD_MUTEX_INITIALIZER;
static pthread_mutex_t handled = PTHREAD_MUTEX_INITIALIZER;
static volatile long count;

static void handle(int number, siginfo_t *info, void *context) {
  (void)number;
  (void)info;
  (void)context;
  pthread_mutex_lock(&handled);
  count++;
  pthread_mutex_unlock(&handled);
}

#if defined(__x86_64__)
#define STEP() __asm__ volatile("pushfq; orq $0x100, (%%rsp); popfq" ::: "memory", "cc")
#define GO() __asm__ volatile("pushfq; andq $~0x100, (%%rsp); popfq" ::: "memory", "cc")
#else
#define STEP()
#define GO()
#endif

static void *rest(void *unused) { return unused; }

int main(int arguments, char **values) {
  if (arguments != 2) return 2;
  struct sigaction action = {0};
  action.sa_sigaction = handle;
  action.sa_flags = SA_SIGINFO;
  sigaction(SIGTRAP, &action, NULL);
  pthread_t thread;
  pthread_create(&thread, NULL, rest, NULL);
  long pairs = atol(values[1]);
  // What is only done at the first time takes long, and is not what this is about.
  raise(SIGTRAP);
  for (long pair = 0; pair < pairs; pair++) {
    if (pair > 0) STEP();
    pthread_mutex_lock(&outer);
    pthread_mutex_lock(&inner);
    pthread_mutex_unlock(&inner);
    pthread_mutex_unlock(&outer);
    GO();
  }
  pthread_join(thread, NULL);
  printf(
      "outer %p %ld inner %p %ld handled %p %ld\n", (void *)&outer, pairs, (void *)&inner, pairs,
      (void *)&handled, (long)count);
  return 0;
}
