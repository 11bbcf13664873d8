// Documents as commands read them, and what is said about those that do not
// load.
#pragma once

#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "blueprint/load.h"
#include "daemon/cli/console.h"

namespace behalf::cli {

// The files, and the *.yaml files of the directories, as one set.
absl::StatusOr<std::vector<SourceFile>> ReadDocuments(const std::vector<std::string>& paths);

// On `err`, with their number.
void PrintIssues(const std::vector<Issue>& issues, Console& console);

}  // namespace behalf::cli
