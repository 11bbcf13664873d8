// What behalf-idp does when called.
#pragma once

#include <string>
#include <vector>

#include "absl/status/status.h"

namespace behalf::idp {

// Serves until SIGTERM or SIGINT.
absl::Status ServeCommand(const std::vector<std::string>& arguments);

// Obtains a user's access token over the wire and writes it to a file (mode
// 0600) or, for "-", to the standard output.
absl::Status SignInCommand(const std::vector<std::string>& arguments);

}  // namespace behalf::idp
