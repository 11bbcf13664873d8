// What a user has shown besides the password, or has to show.
#pragma once

#include <string>
#include <vector>

namespace behalf::idp {

struct Evidence {
  bool second_factor = false;
  // Authentication contexts ("c1"), each of which includes a second factor.
  std::vector<std::string> contexts = {};

  bool empty() const { return !second_factor && contexts.empty(); }
};

}  // namespace behalf::idp
