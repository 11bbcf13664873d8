// A question about a decision that nobody is waiting for: what an operator
// asks, with everything it is about.
#pragma once

#include <sys/types.h>

#include <optional>
#include <string>
#include <vector>

#include "absl/time/time.h"
#include "policies/explain.h"

namespace behalf {

// A user by claims. What is absent is unknown; lists are sorted.
struct AskedUser {
  std::string tenant = {};
  std::string object_id = {};
  std::string audience = {};
  std::string client = {};
  std::vector<std::string> scopes = {};
  bool guest = false;
  std::optional<std::vector<std::string>> groups = {};
  std::optional<std::vector<std::string>> roles = {};
  std::optional<std::vector<std::string>> amr = {};
  std::optional<std::vector<std::string>> auth_contexts = {};
  std::optional<std::string> acr = {};
  std::optional<absl::Time> signed_in_at = {};
};

// Empty texts: not stated.
struct Asked {
  std::string socket = {};
  uid_t uid = 0;
  std::vector<gid_t> groups = {};
  std::string agent = {};
  std::string tool = {};
  std::string api = {};
  std::optional<Access> access = Access::kDelegated;  // nothing: not one that is known
  std::vector<std::string> scopes = {};
  AskedUser user = {};
  std::string purpose = {};
  std::string tool_name = {};
  std::string arguments_digest = {};
  absl::Time at = {};
  // The blueprints that facts of the host disable; sorted.
  std::vector<std::string> disabled = {};
};

// Views into `asked`, which must outlive it.
Question QuestionOf(const Asked& asked);

}  // namespace behalf
