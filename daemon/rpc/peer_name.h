// How gRPC names the connection of a call: grpc::ServerContextBase::peer().
// For a descriptor given by AddInsecureChannelFromFd it is "fd:N". That form
// is not documented, so the daemon tries it out before it relies on it.
#pragma once

#include <optional>
#include <string_view>

#include "absl/status/status.h"

namespace behalf {

// The N of exactly "fd:N", N a descriptor number in plain decimal; nothing for
// any other text. Pure.
std::optional<int> DescriptorOf(std::string_view peer);

// Makes one call to a private server over a socket pair and fails, saying what
// it saw, unless peer() has the form that DescriptorOf reads and names the
// server's end. Takes milliseconds; gives up after five seconds. Call it at
// start, and do not serve when it fails.
absl::Status CheckPeerForm();

}  // namespace behalf
