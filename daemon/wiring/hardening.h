// What the process forbids itself, but for what the documents take out.
#pragma once

#include <string>
#include <vector>

#include "absl/status/status.h"
#include "blueprint/documents.h"

namespace behalf {

// What is not in force, by name: what the documents say, and in a build with a
// sanitizer everything, as it does to its own process what this forbids.
std::vector<std::string> WithoutOf(const Hardening& hardening);

// Both log what they leave out, and fail where the host does not permit what is
// wanted, with a sentence that says how to do without. The first comes before
// keys are read; the second when all is open, before there is a word of a
// stranger to read.
absl::Status KeepInMemory(const Hardening& hardening);
absl::Status HoldToSystemCalls(const Hardening& hardening);

}  // namespace behalf
