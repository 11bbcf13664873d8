// What follows from a Daemon document, for those who serve by it.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "blueprint/documents.h"

namespace behalf {

// Whether `admin.callers` name the socket. It serves operators and nobody else.
bool IsAdminSocket(const DaemonSpec& daemon, std::string_view socket);

// The keys below `spec` that `next` changes and that count at the start of a
// daemon only, in the order of the description; their meaning is compared, not
// their text. Empty: `next` can take over while the daemon runs.
std::vector<std::string> KeysThatNeedARestart(const DaemonSpec& in_force, const DaemonSpec& next);

}  // namespace behalf
