// What the daemon may ask of the kernel once it serves.
#pragma once

#include <string_view>
#include <vector>

#include "absl/status/status.h"

namespace behalf {

// The names of all that it may, some with certain arguments only.
std::vector<std::string_view> AllowedSystemCalls();

// Has the kernel hold all threads to these, for the rest of the process, by
// seccomp(2). What only an intruder would do (run a program, fork, trace, mount,
// change accounts) ends the process by SIGSYS, which the kernel and systemd
// report. All else fails as on a kernel that does not have it, with which
// libraries know how to deal. No code can be mapped any more; the modules of
// the name service switch are loaded before. Fails with a sentence for the
// operator; then nothing has changed.
absl::Status FilterSystemCalls();

}  // namespace behalf
