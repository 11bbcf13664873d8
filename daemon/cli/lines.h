// The lines of a file, one at a time, so that files may be large.
#pragma once

#include <functional>
#include <string>

#include "absl/status/status.h"

namespace behalf::cli {

// `look`: a line without its newline, and whether it has one; false ends the
// reading. Fails when the file cannot be read.
absl::Status ReadLines(const std::string& path,
                       const std::function<bool(const std::string& line, bool closed)>& look);

}  // namespace behalf::cli
