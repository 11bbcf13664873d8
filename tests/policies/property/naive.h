// The second implementation of decisions, slow and plain, written from what
// the documents promise. It shares nothing with policies/.
#pragma once

#include <set>
#include <string>

#include "tests/policies/property/coverage.h"
#include "tests/policies/property/model.h"

namespace behalf::model {

struct Answer {
  std::string reason;  // as on the wire; empty: allowed
  // Of an allowed request.
  std::set<std::string> scopes = {}, withheld = {};
  Seconds max_lifetime = 0, reuse_for = 0;
  // With SIGN_IN_REQUIRED: what the client is to ask for.
  std::string auth_context = {};
  std::optional<Seconds> max_age = {};
  // Of any: the rules that applied, "policy/rule".
  std::set<std::string> applied = {};

  bool operator==(const Answer&) const = default;
};

// `coverage`: what was met on the way.
Answer Evaluate(const Documents& documents, const Request& request, Coverage& coverage);

// What follows are its parts, for the tests' own needs.
std::set<std::string> AgentsOf(const Documents& documents, const Process& process);
bool Matches(const Selector& selector, const Process& process);

}  // namespace behalf::model
