#include "daemon/cli/refusal.h"

#include <google/rpc/error_details.pb.h>
#include <google/rpc/status.pb.h>

#include <algorithm>

#include "absl/strings/str_replace.h"
#include "daemon/base/reason.h"
#include "daemon/cli/exit_code.h"
#include "daemon/cli/json.h"
#include "daemon/cli/text.h"

namespace behalf::cli {
namespace {

std::string Extract(std::map<std::string, std::string>& metadata, const std::string& key) {
  const auto node = metadata.extract(key);
  return node ? node.mapped() : "";
}

std::string MoveOf(const std::string& reason) {
  for (const ReasonRow& row : AllReasons()) {
    if (row.name == reason) return std::string(MoveName(row.move));
  }
  return "";
}

void Read(const google::rpc::ErrorInfo& info, Refusal& refusal) {
  if (info.domain() != "behalf") return;
  refusal.reason = info.reason();
  refusal.metadata = {info.metadata().begin(), info.metadata().end()};
  refusal.decision_id = Extract(refusal.metadata, "decision_id");
  refusal.move = Extract(refusal.metadata, "move");
  if (refusal.move.empty()) refusal.move = MoveOf(refusal.reason);
}

Json ErrorJson(const Refusal& refusal) {
  const auto text_or_null = [](const std::string& text) {
    return text.empty() ? Json() : Json(text);
  };
  Json::Object metadata;
  for (const auto& [key, value] : refusal.metadata) metadata.emplace_back(key, value);
  return Json::Object{
      {"error",
       Json::Object{
           {"reason", text_or_null(refusal.reason)},
           {"message", refusal.message},
           {"move", text_or_null(refusal.move)},
           {"decision_id", text_or_null(refusal.decision_id)},
           {"retry_after_seconds",
            refusal.retry_after ? Json(absl::ToDoubleSeconds(*refusal.retry_after)) : Json()},
           {"metadata", std::move(metadata)}}}};
}

void Line(Console& console, const std::string& name, const std::string& value) {
  if (value.empty()) return;
  console.err() << console.OnErr(Colour::kQuiet, name + ":") << ' ' << Printable(value) << '\n';
}

void PrintLines(const Refusal& refusal, Console& console) {
  console.err() << console.OnErr(Colour::kBad, "refused:") << ' ' << Printable(refusal.reason)
                << " — " << Printable(refusal.message) << '\n';
  Line(console, "whose move", refusal.move);
  Line(console, "decision", refusal.decision_id);
  if (refusal.retry_after)
    Line(console, "try again in", absl::FormatDuration(*refusal.retry_after));
  for (const auto& [key, value] : refusal.metadata) {
    Line(console, absl::StrReplaceAll(Printable(key), {{"_", " "}}), value);
  }
}

std::string Unreachable(const grpc::Status& status, const std::string& socket) {
  if (status.error_code() == grpc::StatusCode::DEADLINE_EXCEEDED) {
    return Concat({"no answer at ", socket, " in time; see --timeout"});
  }
  if (status.error_code() == grpc::StatusCode::UNIMPLEMENTED) {
    return Concat({"what answers at ", socket, " does not serve this call"});
  }
  return Concat({"cannot reach the daemon at ", socket, ": ", status.error_message()});
}

}  // namespace

Refusal RefusalOf(const grpc::Status& status) {
  Refusal refusal;
  refusal.message = status.error_message();
  google::rpc::Status details;
  if (!details.ParseFromString(status.error_details())) return refusal;
  for (const google::protobuf::Any& detail : details.details()) {
    google::rpc::ErrorInfo info;
    google::rpc::RetryInfo retry;
    if (detail.UnpackTo(&info)) Read(info, refusal);
    if (detail.UnpackTo(&retry)) {
      refusal.retry_after = absl::Seconds(retry.retry_delay().seconds()) +
                            absl::Nanoseconds(retry.retry_delay().nanos());
    }
  }
  return refusal;
}

int PrintRefusal(const grpc::Status& status, const std::string& socket, Console& console) {
  Refusal refusal = RefusalOf(status);
  const bool answered = !refusal.reason.empty();
  if (!answered) refusal.message = Unreachable(status, socket);
  if (console.format() == Format::kJson) {
    console.out() << ErrorJson(refusal).Dump() << '\n';
  } else if (answered) {
    PrintLines(refusal, console);
  } else {
    console.Fail(absl::UnavailableError(refusal.message));
  }
  return answered ? kNegative : kUnreachable;
}

}  // namespace behalf::cli
