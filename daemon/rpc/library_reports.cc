#include "daemon/rpc/library_reports.h"

#include <google/protobuf/stubs/logging.h>
#include <grpc/support/log.h>
#include <spdlog/spdlog.h>

#include "absl/strings/str_cat.h"

namespace behalf {
namespace {

constexpr auto kBetween = std::chrono::seconds(10);

LibraryReports& TheReports() {
  static auto& reports = *new LibraryReports;
  return reports;
}

void Report(std::string_view library, std::string_view file, int line) {
  const auto text = TheReports().Line(library, file, line, LibraryReports::Time::clock::now());
  if (text) spdlog::warn("{}", *text);
}

void TakeFromProtobuf(google::protobuf::LogLevel level, const char* file, int line,
                      const std::string&) {
  if (level >= google::protobuf::LOGLEVEL_ERROR) Report("Protobuf", file, line);
}

void TakeFromGrpc(gpr_log_func_args* report) {
  const std::string_view text = report->message;
  if (text.starts_with("assertion failed: ")) return spdlog::critical("gRPC: {}", text);
  if (report->severity >= GPR_LOG_SEVERITY_ERROR) Report("gRPC", report->file, report->line);
}

}  // namespace

std::optional<std::string> LibraryReports::Line(std::string_view library, std::string_view file,
                                                int line, Time now) {
  const absl::MutexLock lock(&mutex_);
  if (last_ && now - *last_ < kBetween) {
    ++left_out_;
    return std::nullopt;
  }
  std::string text = absl::StrCat(std::string(library), " reports an error at ",
                                  std::string(file.substr(file.rfind('/') + 1)), ":", line);
  if (left_out_ > 0) absl::StrAppend(&text, "; ", left_out_, " reports before it were left out");
  last_ = now;
  left_out_ = 0;
  return text;
}

void TakeLibraryReports() {
  google::protobuf::SetLogHandler(TakeFromProtobuf);
  gpr_set_log_verbosity(GPR_LOG_SEVERITY_ERROR);
  gpr_set_log_function(TakeFromGrpc);
}

}  // namespace behalf
