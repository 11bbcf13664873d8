// What was given on a command line, as its command understands it.
#pragma once

#include <map>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/time/time.h"

namespace behalf::cli {

struct Command;

struct Arguments {
  std::vector<std::string> operands;
  std::map<std::string, std::vector<std::string>, std::less<>> flags;  // a switch: one empty value
  bool help = false;

  bool Has(std::string_view flag) const { return flags.contains(flag); }
  // The flag's only value; `otherwise` when it was not given.
  std::string Value(std::string_view flag, std::string_view otherwise = {}) const;
  // All values of a repeated flag.
  std::vector<std::string> Values(std::string_view flag) const;
};

// `words` is what follows noun and verb. kInvalidArgument says what is wrong,
// without repeating what could be a secret: values are never shown. With
// --help nothing is required.
absl::StatusOr<Arguments> ParseArguments(const Command& command,
                                         std::span<const std::string> words);

// A positive duration such as "30s", "2m" or "1m30s", at most an hour.
absl::StatusOr<absl::Duration> ParseDurationOf(std::string_view flag, const std::string& text);

}  // namespace behalf::cli
