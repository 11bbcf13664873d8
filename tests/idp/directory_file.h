// The directory as a YAML file; its keys are in docs/behalf-idp.md.
#pragma once

#include <string>

#include "absl/status/statusor.h"
#include "tests/idp/directory.h"

namespace behalf::idp {

// All mistakes at once in the message, each with file, line and column.
absl::StatusOr<Directory> LoadDirectory(const std::string& path);

// The same from text; `path` is for messages and for files named in it.
absl::StatusOr<Directory> ParseDirectory(const std::string& path, const std::string& text);

}  // namespace behalf::idp
