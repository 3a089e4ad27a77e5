#define _GNU_SOURCE
#include "hooks.h"

// The lock of a stream as programs take it. What printf and its relatives do inside is not seen.

LGR_HOOK void flockfile(FILE *stream) {
  struct lgr_thread *thread = lgr_thread();
  if (thread == NULL) {
    lgr_real.flockfile(stream);
    return;
  }
  if (unlikely(lgr_settings.is_steered)) lgr_steer(thread, (u64)stream, LGR_STREAM, LGR_PLACE);
  if (lgr_real.ftrylockfile(stream) == 0) {
    lgr_acquired(thread, (u64)stream, LGR_STREAM, lgr_site(thread, LGR_PLACE));
    return;
  }
  u32 site = lgr_site(thread, LGR_PLACE);
  u64 *wait = lgr_wait(thread, LGR_WAIT, (u64)stream, LGR_STREAM, site);
  lgr_real.flockfile(stream);
  lgr_acquired_since(thread, (u64)stream, LGR_STREAM, site, wait);
}

LGR_HOOK int ftrylockfile(FILE *stream) {
  LGR_ENTER(lgr_real.ftrylockfile(stream));
  int result = lgr_real.ftrylockfile(stream);
  if (result == 0) {
    lgr_acquired(thread, (u64)stream, LGR_STREAM | LGR_TRIED, lgr_site(thread, LGR_PLACE));
  }
  return result;
}

LGR_HOOK void funlockfile(FILE *stream) {
  struct lgr_thread *thread = lgr_thread();
  if (thread != NULL) lgr_releasing(thread, LGR_RELEASE, (u64)stream, LGR_STREAM, LGR_PLACE);
  lgr_real.funlockfile(stream);
}
