// Counts what random requests met, so that a test over them cannot go hollow.
#pragma once

#include <map>
#include <string>

namespace behalf::model {

// By names such as "reason: POLICY_DENIED" or "groups: unknown".
class Coverage {
 public:
  void Count(const std::string& what) { ++counts_[what]; }
  int Of(const std::string& what) const {
    const auto found = counts_.find(what);
    return found == counts_.end() ? 0 : found->second;
  }
  const std::map<std::string, int>& counts() const { return counts_; }

 private:
  std::map<std::string, int> counts_;
};

}  // namespace behalf::model
