// A C++ core as there are many. It logs by spdlog where that is installed, and by polylog.h.

#include <cstdlib>
#include <memory>
#include <thread>

#include <node_api.h>

#include "polylog.h"

#if HAS_SPDLOG
#include <spdlog/spdlog.h>

#include "polylog_spdlog.h"
#endif

namespace {

const char CLUSTER[] = "my_core.cluster";

napi_value Connect(napi_env env, napi_callback_info) {
  const polylog_context *context = polylog_context_current();
  std::thread([context] {
    polylog_context_enter(context);
    polylog::span request("connect", {polylog_integer("node", 3)});
    POLYLOG_LOG(POLYLOG_INFO, CLUSTER, "connecting to seed", polylog_text("host", "127.0.0.1"),
                polylog_unsigned("port", 3000), polylog_boolean("tls", false), polylog_real("ratio", 0.25),
                polylog_null("user"));
    POLYLOG_LOG(POLYLOG_DEBUG, CLUSTER, "handshake");
    polylog_context_leave();
  }).join();
  polylog_context_release(context);
  return nullptr;
}

napi_value ConnectBySpdlog(napi_env env, napi_callback_info) {
  napi_value has_spdlog;
#if HAS_SPDLOG
  spdlog::logger logger("my_core.spdlog", std::make_shared<polylog::spdlog_sink>());
  logger.set_level(spdlog::level::trace);
  logger.warn("node {} is slow", 3);
  logger.debug("took {} ms", 1.5);
  napi_get_boolean(env, true, &has_spdlog);
#else
  napi_get_boolean(env, false, &has_spdlog);
#endif
  return has_spdlog;
}

napi_value Crash(napi_env env, napi_callback_info) {
  std::thread([] {
    POLYLOG_LOG(POLYLOG_FATAL, CLUSTER, "out of nodes");
    std::abort();
  }).detach();
  return nullptr;
}

void Export(napi_env env, napi_value exports, const char *name, napi_callback function) {
  napi_value value;
  napi_create_function(env, name, NAPI_AUTO_LENGTH, function, nullptr, &value);
  napi_set_named_property(env, exports, name, value);
}

} // namespace

NAPI_MODULE_INIT() {
  polylog_install(env, exports);
  Export(env, exports, "connect", Connect);
  Export(env, exports, "connectBySpdlog", ConnectBySpdlog);
  Export(env, exports, "crash", Crash);
  return exports;
}
