// Says with which libraries it was started before its own.
#include <stdio.h>
#include <stdlib.h>

int main(void) {
  const char *libraries = getenv("LD_PRELOAD");
  puts(libraries == NULL ? "none" : libraries);
  return 0;
}
