// Command line flags: --name value, or --name=value.
#pragma once

#include <map>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "absl/status/statusor.h"

namespace behalf::idp {

class Flags {
 public:
  // Refuses names that are not in `known`, repeated ones and stray words.
  static absl::StatusOr<Flags> Parse(const std::vector<std::string>& arguments,
                                     const std::set<std::string, std::less<>>& known);

  std::optional<std::string> Get(std::string_view name) const;
  std::string GetOr(std::string_view name, std::string_view otherwise) const;
  absl::StatusOr<std::string> Need(std::string_view name) const;

 private:
  std::map<std::string, std::string, std::less<>> values_;
};

}  // namespace behalf::idp
