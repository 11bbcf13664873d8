#include "daemon/cli/revocation_log.h"

#include <google/protobuf/util/json_util.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <fstream>
#include <system_error>

#include "daemon/cli/text.h"

namespace behalf::cli {
namespace {

using google::protobuf::Struct;
using google::protobuf::Value;

const Value& Member(const Struct& record, const char* name) {
  static const Value nothing;
  const auto found = record.fields().find(name);
  return found == record.fields().end() ? nothing : found->second;
}

// 0 for what is no number of ours: those are whole, and few enough for a double.
std::uint64_t NumberOf(const Value& value) {
  constexpr double kMost = std::uint64_t{1} << 53U;
  const double number = value.number_value();
  return number >= 0 && number <= kMost ? static_cast<std::uint64_t>(number) : 0;
}

absl::Time TimeOf(const Value& value, absl::Time otherwise) {
  absl::Time time;
  std::string problem;
  const bool read = absl::ParseTime(absl::RFC3339_full, value.string_value(), &time, &problem);
  return read ? time : otherwise;
}

RevocationKind KindOf(const std::string& name) {
  constexpr auto kNames = std::to_array<std::string_view>(
      {"all", "blueprint", "agent", "tool", "user", "handle", "token"});
  const auto found = std::ranges::find(kNames, name);
  // What is not known stops everything, rather than nothing.
  return found == kNames.end() ? RevocationKind::kAll
                               : static_cast<RevocationKind>(found - kNames.begin() + 1);
}

Revocation RevocationOf(const Struct& record, const Struct& said) {
  Revocation revocation;
  revocation.revision = NumberOf(Member(said, "number"));
  revocation.kind = KindOf(Member(said, "kind").string_value());
  for (const Value& target : Member(said, "targets").list_value().values()) {
    revocation.targets.push_back(target.string_value());
  }
  revocation.said = Member(said, "said").string_value();
  revocation.reason = Member(said, "reason").string_value();
  const Struct& caller = Member(record, "caller").struct_value();
  revocation.by = Concat({"uid ", std::to_string(NumberOf(Member(caller, "uid"))), " on ",
                          Member(caller, "socket").string_value()});
  revocation.at = TimeOf(Member(record, "time"), absl::UnixEpoch());
  revocation.until = TimeOf(Member(said, "until"), absl::InfiniteFuture());
  return revocation;
}

}  // namespace

absl::Status RevocationLog::Read(const std::string& path) {
  std::ifstream in(path, std::ios::binary);
  std::string line;
  while (std::getline(in, line)) {
    if (absl::Status read = Look(path, line); !read.ok()) return read;
  }
  if (in.eof()) return absl::OkStatus();
  return absl::FailedPreconditionError(
      Concat({"cannot read ", path, ": ", std::generic_category().message(errno)}));
}

// What was cut short by a crash is no record.
absl::Status RevocationLog::Look(const std::string& path, const std::string& line) {
  if (!line.starts_with('{') || !line.ends_with('}')) return absl::OkStatus();
  const bool first = !begun_;
  if (!first && line.find("\"state_revision\":") == std::string::npos) return absl::OkStatus();
  Struct record;
  if (!google::protobuf::util::JsonStringToMessage(line, &record).ok()) return absl::OkStatus();
  const std::uint64_t revision = NumberOf(Member(record, "state_revision"));
  if (first && revision > state_.revision) {
    return absl::FailedPreconditionError(
        Concat({path, " begins at revision ", std::to_string(revision), ", and the backup ends at ",
                std::to_string(state_.revision),
                ": give the files of the record in between, the oldest first"}));
  }
  begun_ = true;
  Apply(record);
  state_.revision = std::max(state_.revision, revision);
  return absl::OkStatus();
}

// Of revocations at the same moment the later number may stand first. A
// restoration stands in the record before it is on disk: one that a crash
// cut off there is done here.
void RevocationLog::Apply(const Struct& record) {
  const std::string& event = Member(record, "event").string_value();
  if (event != "revoked" && event != "restored") return;
  const Struct& said = Member(record, "revocation").struct_value();
  const std::uint64_t number = NumberOf(Member(said, "number"));
  const bool known =
      std::erase_if(state_.all, [&](const Revocation& one) { return one.revision == number; }) > 0;
  const bool later = known || number > backed_up_;
  if (event == "revoked" && later) state_.all.push_back(RevocationOf(record, said));
}

}  // namespace behalf::cli
