#include "daemon/cli/audit_filter.h"

#include <google/protobuf/util/json_util.h>

#include <algorithm>
#include <string_view>
#include <utility>

#include "daemon/cli/text.h"
#include "daemon/cli/time_flag.h"

namespace behalf::cli {
namespace {

using google::protobuf::Struct;

std::string TextIn(const Struct& record, const std::string& name) {
  const auto found = record.fields().find(name);
  return found == record.fields().end() ? "" : found->second.string_value();
}

// What the flag is compared with.
std::string ValueOf(const Struct& record, std::string_view flag) {
  if (flag == "decision") return TextIn(record, "decision_id");
  if (flag != "user") return TextIn(record, std::string(flag));
  const auto user = record.fields().find("user");
  return user == record.fields().end() ? "" : TextIn(user->second.struct_value(), "digest");
}

bool IsWithin(const Struct& record, absl::Time from, absl::Time to) {
  if (from == absl::InfinitePast() && to == absl::InfiniteFuture()) return true;
  absl::Time time;
  std::string problem;
  return absl::ParseTime(absl::RFC3339_full, TextIn(record, "time"), &time, &problem) &&
         time >= from && time < to;
}

}  // namespace

absl::StatusOr<AuditFilter> AuditFilter::From(const Arguments& arguments) {
  AuditFilter filter;
  for (const char* const flag : {"decision", "agent", "user", "event", "reason"}) {
    if (arguments.Has(flag)) filter.wanted_.push_back({flag, arguments.Value(flag)});
  }
  for (const auto& [flag, time] :
       {std::pair("from", &filter.from_), std::pair("to", &filter.to_)}) {
    if (!arguments.Has(flag)) continue;
    const auto read = TimeOf(flag, arguments);
    if (!read.ok()) return read.status();
    *time = *read;
  }
  return filter;
}

std::optional<Struct> AuditFilter::Match(const std::string& line) const {
  if (!line.starts_with('{') || !line.ends_with('}')) return std::nullopt;
  const auto stands_in = [&line](const Wanted& one) {
    return line.find(one.value) != std::string::npos;
  };
  if (!std::ranges::all_of(wanted_, stands_in) || !IsPrintableOnOneLine(line)) return std::nullopt;
  Struct record;
  if (!google::protobuf::util::JsonStringToMessage(line, &record).ok()) return std::nullopt;
  const auto fits = [&record](const Wanted& one) {
    const std::string value = ValueOf(record, one.flag);
    return one.flag == "decision" ? value.starts_with(one.value) : value == one.value;
  };
  if (!std::ranges::all_of(wanted_, fits) || !IsWithin(record, from_, to_)) return std::nullopt;
  return record;
}

}  // namespace behalf::cli
