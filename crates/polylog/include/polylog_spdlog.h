/*
 * A sink for spdlog: what C++ code logs by it goes to Polylog, under the name of its logger.
 *
 *   auto logger = std::make_shared<spdlog::logger>("my_core.cluster", std::make_shared<polylog::spdlog_sink>());
 *   logger->set_level(spdlog::level::trace); // Polylog says what goes anywhere
 */
#ifndef POLYLOG_SPDLOG_H
#define POLYLOG_SPDLOG_H

#include <string>

#include <spdlog/details/null_mutex.h>
#include <spdlog/sinks/base_sink.h>

#include "polylog.h"

namespace polylog {

/* Needs no lock: polylog_log may be called from any thread. */
class spdlog_sink final : public spdlog::sinks::base_sink<spdlog::details::null_mutex> {
protected:
  void sink_it_(const spdlog::details::log_msg &message) override {
    if (message.level >= spdlog::level::off) return;
    /* The levels have the same order, and `critical` is fatal. */
    const auto level = static_cast<uint32_t>(message.level);
    if (!polylog_may_log(level)) return;
    const std::string logger(message.logger_name.data(), message.logger_name.size());
    const polylog_place place = {logger.c_str(), message.source.filename, message.source.funcname,
                                 static_cast<uint32_t>(message.source.line)};
    polylog_log(&place, level, message.payload.data(), message.payload.size(), nullptr, 0);
  }

  void flush_() override {}
};

} // namespace polylog

#endif
