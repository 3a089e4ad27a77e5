// A thread with the smallest stack there is, and a signal handler on a stack of eight kilobytes.
#define _GNU_SOURCE
#include <pthread.h>
#include <signal.h>
#include <stdio.h>

static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static pthread_mutex_t handled = PTHREAD_MUTEX_INITIALIZER;
static char handler_stack[8192];

static void handle(int number) {
  (void)number;
  pthread_mutex_lock(&handled);
  pthread_mutex_unlock(&handled);
}

static void *run(void *unused) {
  stack_t stack = {.ss_sp = handler_stack, .ss_size = sizeof handler_stack};
  sigaltstack(&stack, NULL);
  pthread_mutex_lock(&lock);
  raise(SIGUSR1);
  pthread_mutex_unlock(&lock);
  pthread_setname_np(pthread_self(), "small");
  return unused;
}

int main(void) {
  struct sigaction action = {.sa_handler = handle, .sa_flags = SA_ONSTACK};
  sigaction(SIGUSR1, &action, NULL);
  pthread_attr_t attributes;
  pthread_attr_init(&attributes);
  if (pthread_attr_setstacksize(&attributes, 16384) != 0) return 2;
  pthread_t thread;
  if (pthread_create(&thread, &attributes, run, NULL) != 0) return 2;
  pthread_join(thread, NULL);
  puts("small");
  return 0;
}
