#include <algorithm>
#include <array>
#include <cmath>
#include <map>
#include <set>

#include "absl/strings/ascii.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "absl/strings/str_replace.h"
#include "daemon/cli/actions.h"
#include "daemon/cli/audit_search.h"
#include "daemon/cli/exit_code.h"
#include "daemon/cli/record_files.h"
#include "daemon/cli/text.h"
#include "daemon/cli/tree.h"

namespace behalf::cli {
namespace {

using google::protobuf::Struct;
using google::protobuf::Value;

constexpr std::size_t kLeastDigits = 8;

// The members of a record and of what is inside it, in the order of the
// decision; what is not among them follows, by name.
constexpr auto kOrder = std::to_array<std::string_view>({"caller",
                                                         "about",
                                                         "socket",
                                                         "uid",
                                                         "gid",
                                                         "pid",
                                                         "agent",
                                                         "blueprint",
                                                         "user",
                                                         "tid",
                                                         "oid",
                                                         "subject",
                                                         "tool",
                                                         "api",
                                                         "access",
                                                         "declared",
                                                         "scopes_asked",
                                                         "allowance",
                                                         "rules",
                                                         "warnings",
                                                         "term",
                                                         "detail",
                                                         "separation_none",
                                                         "scopes",
                                                         "token",
                                                         "handle",
                                                         "cached",
                                                         "provider_code",
                                                         "correlation_ids",
                                                         "catalog_digest"});
// Said above the tree.
constexpr auto kHeading =
    std::to_array<std::string_view>({"time", "event", "decision_id", "reason", "decided_by"});

struct InOrder {
  bool operator()(const std::string& a, const std::string& b) const {
    const auto at_a = std::ranges::find(kOrder, a), at_b = std::ranges::find(kOrder, b);
    return at_a != at_b ? at_a < at_b : a < b;
  }
};

using Members = std::map<std::string, Value, InOrder>;

Members MembersOf(const Struct& json) { return {json.fields().begin(), json.fields().end()}; }

// Ours are whole, and few enough for a double.
std::string NumberText(double number) {
  constexpr double kMost = std::uint64_t{1} << 53U;
  const bool whole = number == std::trunc(number) && std::abs(number) <= kMost;
  return whole ? absl::StrCat(static_cast<std::int64_t>(number)) : absl::StrCat(number);
}

std::string TextOf(const Value& value) {
  switch (value.kind_case()) {
    case Value::kStringValue:
      return value.string_value();
    case Value::kNumberValue:
      return NumberText(value.number_value());
    case Value::kBoolValue:
      return value.bool_value() ? "yes" : "no";
    case Value::kListValue:
      return absl::StrJoin(value.list_value().values(), " ",
                           [](std::string* out, const Value& item) { out->append(TextOf(item)); });
    case Value::kStructValue:
      return absl::StrJoin(MembersOf(value.struct_value()), ", ",
                           [](std::string* out, const auto& member) {
                             absl::StrAppend(out, absl::StrReplaceAll(member.first, {{"_", " "}}),
                                             " ", TextOf(member.second));
                           });
    default:
      return "";
  }
}

std::string Member(const Struct& record, const std::string& name) {
  const auto found = record.fields().find(name);
  return found == record.fields().end() ? "" : TextOf(found->second);
}

void PrintHeading(const Struct& record, Console& console) {
  const std::string reason = Member(record, "reason");
  console.out() << console.OnOut(reason.empty() ? Colour::kGood : Colour::kBad,
                                 PrintableOnOneLine(Member(record, "event")));
  if (!reason.empty()) console.out() << ": " << PrintableOnOneLine(reason);
  console.out() << '\n';
  const std::string place = Member(record, "decided_by");
  if (!place.empty()) console.out() << "decided by " << PrintableOnOneLine(place) << '\n';
  console.out() << "at " << PrintableOnOneLine(Member(record, "time")) << ", decision "
                << PrintableOnOneLine(Member(record, "decision_id")) << '\n';
}

void PrintRecordTree(const Struct& record, Console& console) {
  PrintHeading(record, console);
  std::vector<Branch> branches;
  for (const auto& [name, value] : MembersOf(record)) {
    if (std::ranges::find(kHeading, name) != kHeading.end()) continue;
    Branch branch = {.name = absl::StrReplaceAll(name, {{"_", " "}}), .text = TextOf(value)};
    if (name == "term") {
      branch.mark = "✗";
      branch.colour = Colour::kBad;
      branch.name = "failed";
    }
    branches.push_back(std::move(branch));
  }
  PrintTree(branches, console);
}

absl::StatusOr<std::string> IdOf(const Arguments& arguments) {
  const std::string id = absl::AsciiStrToLower(arguments.operands.front());
  const bool digits = std::ranges::all_of(
      id, [](char c) { return absl::ascii_isxdigit(static_cast<unsigned char>(c)); });
  if (digits && id.size() >= kLeastDigits) return id;
  return absl::InvalidArgumentError("a decision id is hex digits, the first 8 of them at least");
}

// Each once: the same file may be read under two names.
std::set<std::string> IdsOf(const AuditSearch& search) {
  std::set<std::string> ids;
  for (const AuditSearch::Found& found : search.found()) ids.insert(found.decision_id);
  return ids;
}

int Print(const AuditSearch& search, const std::string& id, Console& console) {
  if (search.malformed() > 0) {
    console.err() << search.malformed() << " malformed "
                  << (search.malformed() == 1 ? "line was" : "lines were") << " skipped\n";
  }
  const std::set<std::string> ids = IdsOf(search);
  if (ids.size() != 1) {
    console.err() << (ids.empty() ? Concat({"the record has no decision ", id})
                                  : Concat({"the record has several decisions ", id,
                                            "...: ", PrintableOnOneLine(absl::StrJoin(ids, ", "))}))
                  << '\n';
    return kNegative;
  }
  const AuditSearch::Found& found = search.found().front();
  if (console.format() == Format::kJson) {
    console.out() << found.line << '\n';
  } else {
    PrintRecordTree(found.record, console);
  }
  return kOk;
}

}  // namespace

int ShowAudit(const Arguments& arguments, Console& console) {
  const absl::StatusOr<std::string> id = IdOf(arguments);
  if (!id.ok()) return console.Fail(id.status());
  int code = kOk;
  const auto files = RecordFiles(arguments, console, code);
  if (!files) return code;
  AuditSearch search(*id);
  for (const std::string& file : *files) {
    const absl::Status read = search.Read(file);
    if (!read.ok()) return console.Fail(read);
  }
  return Print(search, *id, console);
}

}  // namespace behalf::cli
