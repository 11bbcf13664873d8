// Which files of the record a command reads.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "daemon/cli/arguments.h"
#include "daemon/cli/console.h"

namespace behalf::cli {

// Those of --file, or the one that the daemon writes. Nothing: it was said
// why, and `code` is the exit's.
std::optional<std::vector<std::string>> RecordFiles(const Arguments& arguments, Console& console,
                                                    int& code);

}  // namespace behalf::cli
