// Whether a condition holds, in three values.
#pragma once

#include <map>
#include <optional>
#include <set>
#include <string>

#include "tests/policies/property/coverage.h"
#include "tests/policies/property/model.h"

namespace behalf::model {

enum class Truth { kFalse, kUnknown, kTrue };

// All that a condition can look at.
struct Known {
  // By the keys of conditions; absent: not known, which is not the same as none.
  std::map<std::string, std::optional<std::set<std::string>>> sets;
  const Request* request = nullptr;
};

Truth Holds(const Condition& condition, const Known& known, Coverage& coverage);

// A sign-in at `at` is no older than `within`; a clock may be a minute ahead.
bool IsRecent(Seconds at, Seconds within, Seconds now);

}  // namespace behalf::model
