// Everything a decision looks at, gathered before it.
#pragma once

#include <span>
#include <string>
#include <string_view>

#include "absl/time/time.h"
#include "blueprint/catalog.h"

namespace behalf {

// A user as far as a decision cares; views into a verified token.
struct UserFacts {
  std::string_view tenant = {};
  std::string_view object_id = {};
};

struct Facts {
  const Agent* agent = nullptr;
  UserFacts user = {};
  std::string_view tool = {};  // empty: the agent itself asks
  std::string_view api = {};
  Access access = Access::kDelegated;
  // What was asked for; empty: all that the allowance holds.
  std::span<const std::string> scopes = {};
};

}  // namespace behalf
