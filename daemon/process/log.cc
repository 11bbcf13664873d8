#include "daemon/process/log.h"

#include <spdlog/sinks/stdout_sinks.h>
#include <spdlog/spdlog.h>

#include <memory>
#include <string>
#include <utility>

#include "absl/time/time.h"
#include "daemon/audit/json_line.h"

namespace behalf {
namespace {

class JsonFormatter final : public spdlog::formatter {
 public:
  void format(const spdlog::details::log_msg& message, spdlog::memory_buf_t& out) override {
    const auto level = spdlog::level::to_string_view(message.level);
    JsonLine json;
    json.String("time", absl::FormatTime(absl::RFC3339_full, absl::FromChrono(message.time),
                                         absl::UTCTimeZone()))
        .String("level", {level.data(), level.size()})
        .String("message", {message.payload.data(), message.payload.size()});
    const std::string line = std::move(json).Finish();
    out.append(line.data(), line.data() + line.size());
  }
  std::unique_ptr<formatter> clone() const override { return std::make_unique<JsonFormatter>(); }
};

}  // namespace

bool StartLog(std::string_view level) {
  const auto parsed = spdlog::level::from_str(std::string(level));
  const bool known = level == "debug" || level == "info" || level == "warn" || level == "error";
  if (!known) return false;
  auto logger = spdlog::stderr_logger_mt("behalfd");
  logger->set_formatter(std::make_unique<JsonFormatter>());
  logger->set_level(parsed);
  logger->flush_on(spdlog::level::debug);
  spdlog::set_default_logger(std::move(logger));
  return true;
}

}  // namespace behalf
