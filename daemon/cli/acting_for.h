// As whom a request asks to reach an API: what --access and
// --subject-token-file say together.
#pragma once

#include "absl/status/statusor.h"
#include "behalf/v1/access.pb.h"
#include "daemon/base/secret_string.h"
#include "daemon/cli/arguments.h"
#include "daemon/cli/command.h"
#include "daemon/cli/console.h"

namespace behalf::cli {

Flag AccessFlag();
Flag SubjectTokenFlag();

v1::Access AccessOf(const Arguments& arguments);

struct ActingFor {
  v1::Access access;
  SecretString subject_token;  // empty with application access
};

// A usage error where a user's token is missing, or there is one too many.
absl::StatusOr<ActingFor> ActingForOf(const Arguments& arguments, Console& console);

}  // namespace behalf::cli
