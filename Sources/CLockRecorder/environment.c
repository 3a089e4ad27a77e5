#define _GNU_SOURCE
#include "environment.h"

#include <dlfcn.h>
#include <stdlib.h>
#include <string.h>

#include "text.h"

static const char *const names[LGR_VARIABLES] = {
    "LOCKGRAPH_RECORD",        "LOCKGRAPH_RECORD_VERSION",  "LOCKGRAPH_RECORD_LEVEL",
    "LOCKGRAPH_RECORD_TIMES",  "LOCKGRAPH_RECORD_MAX_SIZE", "LOCKGRAPH_RECORD_NAMES",
    "LOCKGRAPH_RECORD_CHILDREN", "LOCKGRAPH_STEER",         "LOCKGRAPH_STEER_PAUSE",
    "LOCKGRAPH_STEER_PATIENCE",  "LOCKGRAPH_RECORDER",      "LD_AUDIT"};

/// `NAME=VALUE` of each variable that was set, and `LD_PRELOAD=` with the recorder alone.
static char texts[LGR_PATH_SIZE * 4];
static char *variables[LGR_VARIABLES];
static u32 variable_count;
static char only_preload[LGR_PATH_SIZE + 16];
static const char *library;

void lgr_remember_environment(void) {
  struct lgr_text text;
  lgr_text_begin(&text, texts, sizeof texts);
  for (int index = 0; index < LGR_VARIABLES; index++) {
    const char *value = getenv(names[index]);
    if (value == NULL) continue;
    char *start = text.next;
    lgr_text_add(&text, names[index]);
    lgr_text_add(&text, "=");
    lgr_text_add(&text, value);
    if (!text.is_whole || text.next == text.end) break;
    text.next++;
    variables[variable_count++] = start;
  }
  Dl_info info;
  // The path by which the loader was given this library, as it stands in LD_PRELOAD.
  if (dladdr((const void *)lgr_remember_environment, &info) == 0 || info.dli_fname == NULL) return;
  lgr_text_begin(&text, only_preload, sizeof only_preload);
  lgr_text_add(&text, "LD_PRELOAD=");
  library = text.next;
  lgr_text_add(&text, info.dli_fname);
  if (!text.is_whole) library = NULL;
}

u64 lgr_environment_size(char *const *environment) {
  u64 count = 0;
  while (environment != NULL && environment[count] != NULL) count++;
  return count + LGR_VARIABLES + 2;
}

static const char preload_name[] = "LD_PRELOAD=";

u64 lgr_preload_size(char *const *environment) {
  for (char *const *next = environment; next != NULL && *next != NULL; next++) {
    if (strncmp(*next, preload_name, sizeof preload_name - 1) == 0) {
      return strlen(*next) + sizeof only_preload;
    }
  }
  return 1;
}

static bool is_variable(const char *entry, const char *variable) {
  u64 length = (u64)(strchr(variable, '=') - variable) + 1;
  return strncmp(entry, variable, length) == 0;
}

/// Whether a list of paths, with colons or blanks between, has the library.
static bool has_library(const char *list) {
  u64 length = strlen(library);
  for (const char *found = strstr(list, library); found != NULL;
       found = strstr(found + 1, library)) {
    char before = found == list ? ':' : found[-1];
    char behind = found[length];
    if ((before == ':' || before == ' ') && (behind == 0 || behind == ':' || behind == ' ')) {
      return true;
    }
  }
  return false;
}

/// The list without the library.
static void leave_out_library(const char *list, struct lgr_text *text) {
  u64 length = strlen(library);
  while (*list != 0) {
    u64 part = strcspn(list, ": ");
    bool is_library = part == length && strncmp(list, library, length) == 0;
    if (!is_library && part > 0) {
      if (text->next[-1] != '=') lgr_text_add(text, ":");
      lgr_text_add_part(text, list, part);
    }
    list += part;
    if (*list != 0) list++;
  }
}

char *const *lgr_complete_environment(
    char *const *environment, char **entries, char *preload, u64 preload_size, bool is_followed) {
  if (library == NULL) return environment;
  u64 count = 0;
  bool is_present[LGR_VARIABLES] = {false};
  bool has_preload = false;
  for (char *const *next = environment; next != NULL && *next != NULL; next++) {
    char *entry = *next;
    if (strncmp(entry, preload_name, sizeof preload_name - 1) == 0) {
      const char *list = entry + sizeof preload_name - 1;
      if (has_library(list) != is_followed) {
        struct lgr_text text;
        lgr_text_begin(&text, preload, preload_size);
        if (is_followed) {
          lgr_text_add(&text, only_preload);
          if (*list != 0) lgr_text_add(&text, ":");
          lgr_text_add(&text, list);
        } else {
          lgr_text_add(&text, preload_name);
          leave_out_library(list, &text);
        }
        // A list that is too long stays as it is.
        if (text.is_whole) entry = preload;
      }
      has_preload = true;
    }
    for (u32 index = 0; index < variable_count; index++) {
      if (is_variable(entry, variables[index])) is_present[index] = true;
    }
    entries[count++] = entry;
  }
  if (is_followed) {
    if (!has_preload) entries[count++] = only_preload;
    for (u32 index = 0; index < variable_count; index++) {
      if (!is_present[index]) entries[count++] = variables[index];
    }
  }
  entries[count] = NULL;
  return entries;
}
