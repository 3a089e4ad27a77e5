/// What macOS declares of what the library's C uses, as its manual pages have it: no more, so that
/// whatever else is used is an error.
#ifndef APPLE_H
#define APPLE_H

#include <stdbool.h>
#include <stdint.h>

typedef unsigned long size_t;
typedef long ssize_t;
#undef NULL
#define NULL ((void *)0)
#define INT_MAX __INT_MAX__

// errno.h
int *__error(void);
#define errno (*__error())
#define EINTR 4
#define ETIMEDOUT 60

// string.h
void *memcpy(void *, const void *, size_t);
void *memmove(void *, const void *, size_t);
void *memset(void *, int, size_t);
void *memchr(const void *, int, size_t);
int memcmp(const void *, const void *, size_t);
size_t strlen(const char *);
int strcmp(const char *, const char *);
char *strcpy(char *, const char *);

// stdio.h
int snprintf(char *, size_t, const char *, ...) __attribute__((format(printf, 3, 4)));

// unistd.h
ssize_t write(int, const void *, size_t);
ssize_t readlink(const char *restrict, char *restrict, size_t);

// sys/mman.h
typedef long long off_t;
void *mmap(void *, size_t, int, int, int, off_t);
int munmap(void *, size_t);
#define PROT_READ 0x01
#define PROT_WRITE 0x02
#define MAP_PRIVATE 0x0002
#define MAP_ANONYMOUS 0x1000
#define MAP_FAILED ((void *)-1)

// time.h
typedef long time_t;
struct timespec {
  time_t tv_sec;
  long tv_nsec;
};
typedef enum { CLOCK_REALTIME = 0, CLOCK_MONOTONIC = 6, CLOCK_THREAD_CPUTIME_ID = 16 } clockid_t;
int clock_gettime(clockid_t, struct timespec *);
int nanosleep(const struct timespec *, struct timespec *);

// sched.h
int sched_yield(void);

// dlfcn.h
typedef struct dl_info {
  const char *dli_fname;
  void *dli_fbase;
  const char *dli_sname;
  void *dli_saddr;
} Dl_info;
int dladdr(const void *, Dl_info *);

// signal.h
typedef uint32_t sigset_t;
struct sigaction {
  union {
    void (*__sa_handler)(int);
    void (*__sa_sigaction)(int, void *, void *);
  } __sigaction_u;
  sigset_t sa_mask;
  int sa_flags;
};
#define sa_handler __sigaction_u.__sa_handler
int sigaction(int, const struct sigaction *restrict, struct sigaction *restrict);
int sigemptyset(sigset_t *);
int sigfillset(sigset_t *);
int sigdelset(sigset_t *, int);
#define SIG_IGN ((void (*)(int))1)
#define SIG_SETMASK 3
#define SIGILL 4
#define SIGTRAP 5
#define SIGABRT 6
#define SIGFPE 8
#define SIGBUS 10
#define SIGSEGV 11

// pthread.h
typedef struct _opaque_pthread_t *pthread_t;
typedef struct { long sig; char opaque[56]; } pthread_attr_t;
typedef struct { long sig; char opaque[8]; } pthread_once_t;
#define PTHREAD_ONCE_INIT {0x30B1BCBA, {0}}
#define PTHREAD_CREATE_DETACHED 2
typedef unsigned long pthread_key_t;
pthread_t pthread_self(void);
int pthread_once(pthread_once_t *, void (*)(void));
int pthread_key_create(pthread_key_t *, void (*)(void *));
int pthread_setspecific(pthread_key_t, const void *);
int pthread_attr_init(pthread_attr_t *);
int pthread_attr_destroy(pthread_attr_t *);
int pthread_attr_setdetachstate(pthread_attr_t *, int);
int pthread_create(
    pthread_t *restrict, const pthread_attr_t *restrict, void *(*)(void *), void *restrict);
int pthread_sigmask(int, const sigset_t *, sigset_t *);
int pthread_setname_np(const char *);
int pthread_getname_np(pthread_t, char *, size_t);
void *pthread_get_stackaddr_np(pthread_t);
size_t pthread_get_stacksize_np(pthread_t);

// os/clock.h and os/os_sync_wait_on_address.h, macOS 14.4
typedef enum : uint32_t { OS_CLOCK_MACH_ABSOLUTE_TIME = 32 } os_clockid_t;
typedef enum : uint32_t { OS_SYNC_WAIT_ON_ADDRESS_NONE = 0 } os_sync_wait_on_address_flags_t;
typedef enum : uint32_t { OS_SYNC_WAKE_BY_ADDRESS_NONE = 0 } os_sync_wake_by_address_flags_t;
int os_sync_wait_on_address_with_timeout(
    void *, uint64_t, size_t, os_sync_wait_on_address_flags_t, os_clockid_t, uint64_t);
int os_sync_wake_by_address_any(void *, size_t, os_sync_wake_by_address_flags_t);
int os_sync_wake_by_address_all(void *, size_t, os_sync_wake_by_address_flags_t);

#endif
