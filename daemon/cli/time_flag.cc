#include "daemon/cli/time_flag.h"

#include <string>

#include "daemon/cli/text.h"

namespace behalf::cli {

absl::StatusOr<absl::Time> TimeOf(std::string_view flag, const Arguments& arguments) {
  absl::Time time;
  std::string problem;
  if (!absl::ParseTime(absl::RFC3339_full, arguments.Value(flag), &time, &problem)) {
    return absl::InvalidArgumentError(
        Concat({"--", flag, " is a time such as 2026-11-23T08:30:00+01:00"}));
  }
  return time;
}

}  // namespace behalf::cli
