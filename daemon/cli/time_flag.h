// Times on a command line.
#pragma once

#include <string_view>

#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "daemon/cli/arguments.h"

namespace behalf::cli {

// RFC 3339, with a zone. The flag must be there.
absl::StatusOr<absl::Time> TimeOf(std::string_view flag, const Arguments& arguments);

}  // namespace behalf::cli
