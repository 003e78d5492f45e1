#pragma once
#include <libpq-fe.h>
#include <sys/eventfd.h>
#include <sys/prctl.h>

/// Names the calling thread in process listings; at most 15 bytes are kept.
static inline void tailrace_name_thread(const char *name) { prctl(PR_SET_NAME, name, 0, 0, 0); }

static inline int tailrace_eventfd(void) { return eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK); }
