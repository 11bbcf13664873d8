#include "daemon/http/response_header.h"

#include <strings.h>

#include <string>

namespace behalf {
namespace {

constexpr char kImfFixdate[] = "%a, %d %b %Y %H:%M:%S GMT";
constexpr std::size_t kDateSize = 29;  // the year has four digits

// The value of `line` if it is a header called `name`.
void Match(std::string_view line, std::string_view name, std::string& value) {
  if (line.size() <= name.size() || line[name.size()] != ':') return;
  if (strncasecmp(line.data(), name.data(), name.size()) != 0) return;
  line.remove_prefix(name.size() + 1);
  const auto first = line.find_first_not_of(" \t\r\n");
  const auto last = line.find_last_not_of(" \t\r\n");
  value = first == std::string_view::npos ? "" : std::string(line.substr(first, last - first + 1));
}

}  // namespace

void ReadHeader(std::string_view line, HttpResponse& response) {
  Match(line, "retry-after", response.retry_after);
  Match(line, "date", response.date);
}

// absl::ParseTime takes more than it should: spaces, a wrong day of the week,
// years before the first, "infinite-future".
std::optional<absl::Time> ParseHttpDate(std::string_view text) {
  const std::string date(text);
  absl::Time time;
  const bool read = date.size() == kDateSize && absl::ParseTime(kImfFixdate, date, &time, nullptr);
  if (!read || time < absl::UnixEpoch()) return std::nullopt;
  if (absl::FormatTime(kImfFixdate, time, absl::UTCTimeZone()) != date) return std::nullopt;
  return time;
}

}  // namespace behalf
