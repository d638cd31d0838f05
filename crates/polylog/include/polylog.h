/*
 * What C and C++ log inside Node, in the log of the application: under a logger's name, at levels that JavaScript
 * changes while it runs, with fields and the spans that are open. Link libpolylog, which `cargo build --release --package
 * polylog` makes, and call polylog_install where the addon is initialised:
 *
 *   NAPI_MODULE_INIT() {
 *     polylog_install(env, exports);
 *     …
 *   }
 *
 * All functions may be called from any thread, except where they say otherwise. Text is UTF-8.
 */
#ifndef POLYLOG_H
#define POLYLOG_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#ifdef __cplusplus
extern "C" {
#endif

enum polylog_level {
  POLYLOG_TRACE = 0,
  POLYLOG_DEBUG = 1,
  POLYLOG_INFO = 2,
  POLYLOG_WARN = 3,
  POLYLOG_ERROR = 4,
  /* Waits until the record is out: the process may end right after. */
  POLYLOG_FATAL = 5
};

/* Where a record is logged. What isn't known is NULL or 0. */
typedef struct polylog_place {
  const char *logger;
  const char *file;
  const char *function;
  uint32_t line;
} polylog_place;

enum polylog_kind {
  POLYLOG_KIND_NULL = 0,
  POLYLOG_KIND_BOOLEAN = 1,
  POLYLOG_KIND_INTEGER = 2,
  POLYLOG_KIND_UNSIGNED = 3,
  POLYLOG_KIND_REAL = 4,
  POLYLOG_KIND_TEXT = 5
};

/* A field, made by one of the functions below. */
typedef struct polylog_field {
  const char *name;
  uint32_t kind;
  union {
    bool boolean;
    int64_t integer;
    uint64_t unsigned_integer;
    double real;
    const char *text;
  } value;
  /* Bytes of a text. */
  size_t length;
} polylog_field;

/* The lowest level that anything lets through. Read it by polylog_may_log. */
extern const unsigned char POLYLOG_LOWEST;

/* Has the addon's records go to the SDK of the thread that loads it; both arguments are those of the addon's initialisation
 * (`napi_env`, `napi_value`). To be called on that thread, in each thread that loads the addon. */
void polylog_install(void *env, void *exports);

/* True when a record of this logger and level goes anywhere. */
bool polylog_enabled(const char *logger, uint32_t level);

/* Logs a record. Nothing that is given is kept. */
void polylog_log(const polylog_place *place, uint32_t level, const char *message, size_t length,
                 const polylog_field *fields, size_t count);

/* Opens a span on this thread: what is logged until it is closed tells of it. The last one opened is closed first. Within a
 * context whose trace is kept it is a span of the trace as well. It belongs to no logger and has the level of the root's info;
 * with a place and a level it does nothing where its logger is above that level. */
void polylog_span_enter(const char *name, const polylog_field *fields, size_t count);
void polylog_span_enter_at(const polylog_place *place, uint32_t level, const char *name,
                           const polylog_field *fields, size_t count);
void polylog_span_exit(void);

/* The context of the JavaScript that called (`withContext`, the active trace), with the span of this thread in which it is asked
 * for; on other threads what the thread has entered. To be taken along to other threads. NULL when there is neither. To be
 * released when the work is done. */
typedef struct polylog_context polylog_context;
const polylog_context *polylog_context_current(void);
void polylog_context_enter(const polylog_context *context);
void polylog_context_leave(void);
void polylog_context_release(const polylog_context *context);

/* Waits until all that was logged is delivered; false when it isn't within that time. On a thread that runs JavaScript it
 * is delivered at once. */
bool polylog_flush(uint32_t milliseconds);

/* One relaxed load, for the time when nothing of this level is wanted. */
static inline bool polylog_may_log(uint32_t level) {
#if defined(__GNUC__) || defined(__clang__)
  return level >= __atomic_load_n(&POLYLOG_LOWEST, __ATOMIC_RELAXED);
#else
  return level >= *(const volatile unsigned char *)&POLYLOG_LOWEST;
#endif
}

static inline polylog_field polylog_null(const char *name) {
  polylog_field field;
  memset(&field, 0, sizeof field);
  field.name = name;
  return field;
}

static inline polylog_field polylog_boolean(const char *name, bool value) {
  polylog_field field = polylog_null(name);
  field.kind = POLYLOG_KIND_BOOLEAN;
  field.value.boolean = value;
  return field;
}

static inline polylog_field polylog_integer(const char *name, int64_t value) {
  polylog_field field = polylog_null(name);
  field.kind = POLYLOG_KIND_INTEGER;
  field.value.integer = value;
  return field;
}

static inline polylog_field polylog_unsigned(const char *name, uint64_t value) {
  polylog_field field = polylog_null(name);
  field.kind = POLYLOG_KIND_UNSIGNED;
  field.value.unsigned_integer = value;
  return field;
}

static inline polylog_field polylog_real(const char *name, double value) {
  polylog_field field = polylog_null(name);
  field.kind = POLYLOG_KIND_REAL;
  field.value.real = value;
  return field;
}

static inline polylog_field polylog_text(const char *name, const char *value) {
  polylog_field field = polylog_null(name);
  if (value == NULL) return field;
  field.kind = POLYLOG_KIND_TEXT;
  field.value.text = value;
  field.length = strlen(value);
  return field;
}

/*
 * Logs with the place it stands at. Message and fields are looked at only when the level is wanted:
 *
 *   POLYLOG_LOG(POLYLOG_INFO, "my_core.cluster", "node added", polylog_integer("node", 3));
 */
#define POLYLOG_LOG(level, logger, message, ...)                                                   \
  do {                                                                                             \
    if (polylog_may_log(level) && polylog_enabled((logger), (level))) {                            \
      const char *polylog_message_ = (message);                                                    \
      const polylog_place polylog_place_ = {(logger), __FILE__, __func__, __LINE__};               \
      const polylog_field polylog_fields_[] = {polylog_null(NULL), ##__VA_ARGS__};                 \
      polylog_log(&polylog_place_, (level), polylog_message_, strlen(polylog_message_),            \
                  polylog_fields_ + 1, sizeof polylog_fields_ / sizeof *polylog_fields_ - 1);      \
    }                                                                                              \
  } while (0)

#ifdef __cplusplus
}

#include <initializer_list>

namespace polylog {

/* A span for as long as it lives. */
class span {
public:
  explicit span(const char *name, std::initializer_list<polylog_field> fields = {}) {
    polylog_span_enter(name, fields.begin(), fields.size());
  }
  span(const polylog_place &place, uint32_t level, const char *name,
       std::initializer_list<polylog_field> fields = {}) {
    polylog_span_enter_at(&place, level, name, fields.begin(), fields.size());
  }
  ~span() { polylog_span_exit(); }
  span(const span &) = delete;
  span &operator=(const span &) = delete;
};

} // namespace polylog
#endif

#endif
