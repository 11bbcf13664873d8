// The environment that the daemon was started with, which steers more than
// anybody asked for: tracing that prints tokens, files that keys are logged to,
// proxies, name servers, configuration of libraries.
#pragma once

#include <string>
#include <vector>

namespace behalf {

// Leaves in the environment what the daemon itself reads (systemd's sockets,
// credentials and notifications) and returns the names of all that went. To be
// called first in main: before there are threads, and before a library looks.
// What acted before that is not undone (LD_PRELOAD, GLIBC_TUNABLES).
std::vector<std::string> ScrubEnvironment();

// Says in the log what somebody will miss, with what to write instead.
void LogScrubbed(const std::vector<std::string>& names);

}  // namespace behalf
