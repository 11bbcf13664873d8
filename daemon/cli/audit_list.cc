// Records, a line each.
#include <charconv>
#include <deque>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "absl/time/clock.h"
#include "daemon/cli/actions.h"
#include "daemon/cli/audit_filter.h"
#include "daemon/cli/exit_code.h"
#include "daemon/cli/followed_file.h"
#include "daemon/cli/lines.h"
#include "daemon/cli/record_files.h"
#include "daemon/cli/text.h"

namespace behalf::cli {
namespace {

using google::protobuf::Struct;

constexpr absl::Duration kBetweenLooks = absl::Milliseconds(200);
constexpr int kLinesBefore = 10;

std::string Text(const Struct& record, const std::string& name) {
  const auto found = record.fields().find(name);
  return found == record.fields().end() ? "" : found->second.string_value();
}

// What is empty is left out.
std::string RowOf(const Struct& record) {
  std::vector<std::string> cells = {Text(record, "time"), Text(record, "event")};
  for (const char* const name : {"reason", "agent", "tool", "api", "decision_id"}) {
    if (std::string cell = Text(record, name); !cell.empty()) cells.push_back(std::move(cell));
  }
  return absl::StrJoin(cells, "  ");
}

std::string Shown(const std::string& line, const Struct& record, const Console& console) {
  return console.format() == Format::kJson ? line : PrintableOnOneLine(RowOf(record));
}

absl::StatusOr<std::size_t> LinesOf(const Arguments& arguments) {
  const std::string text = arguments.Value("lines", std::to_string(kLinesBefore));
  std::size_t lines = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), lines);
  if (error == std::errc() && end == text.data() + text.size()) return lines;
  return absl::InvalidArgumentError("--lines is a number");
}

absl::StatusOr<absl::Time> EndOf(const Arguments& arguments) {
  if (!arguments.Has("for")) return absl::InfiniteFuture();
  const auto span = ParseDurationOf("for", arguments.Value("for"));
  if (!span.ok()) return span.status();
  return absl::Now() + *span;
}

// The newest lines that are there, then whatever comes.
int Follow(FollowedFile& file, const AuditFilter& filter, std::size_t before, absl::Time end,
           Console& console) {
  std::deque<std::string> newest;
  absl::Status read = file.ReadOn([&](const std::string& line) {
    const auto record = filter.Match(line);
    if (!record) return;
    newest.push_back(Shown(line, *record, console));
    if (newest.size() > before) newest.pop_front();
  });
  for (const std::string& line : newest) console.out() << line << '\n';
  while (read.ok() && console.out().flush() && absl::Now() < end) {
    absl::SleepFor(kBetweenLooks);
    read = file.ReadOn([&](const std::string& line) {
      const auto record = filter.Match(line);
      if (record) console.out() << Shown(line, *record, console) << '\n';
    });
  }
  return read.ok() ? kOk : console.Fail(read);
}

}  // namespace

int SearchAudit(const Arguments& arguments, Console& console) {
  const auto filter = AuditFilter::From(arguments);
  if (!filter.ok()) return console.Fail(filter.status());
  int code = kOk;
  const auto files = RecordFiles(arguments, console, code);
  if (!files) return code;
  bool found = false;
  for (const std::string& file : *files) {
    const absl::Status read = ReadLines(file, [&](const std::string& line, bool) {
      const auto record = filter->Match(line);
      if (record) console.out() << Shown(line, *record, console) << '\n';
      found = found || record.has_value();
      return true;
    });
    if (!read.ok()) return console.Fail(read);
  }
  return found ? kOk : kNegative;
}

int TailAudit(const Arguments& arguments, Console& console) {
  const auto filter = AuditFilter::From(arguments);
  if (!filter.ok()) return console.Fail(filter.status());
  const auto lines = LinesOf(arguments);
  if (!lines.ok()) return console.Fail(lines.status());
  const auto end = EndOf(arguments);
  if (!end.ok()) return console.Fail(end.status());
  int code = kOk;
  const auto files = RecordFiles(arguments, console, code);
  if (!files) return code;
  FollowedFile file(files->front());
  return Follow(file, *filter, *lines, *end, console);
}

}  // namespace behalf::cli
