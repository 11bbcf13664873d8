// The daemon's log: JSON lines on stderr.
#pragma once

#include <string_view>

namespace behalf {

// Makes spdlog's default logger write {"time","level","message"} lines, whose
// text cannot break out of its string. `level` is one of debug, info, warn,
// error. False for any other.
bool StartLog(std::string_view level);

}  // namespace behalf
