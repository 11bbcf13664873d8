// Which rules may apply to which agent and allowance: found at load, so that
// a decision looks at nothing but what the request itself brings.
#pragma once

#include <memory>
#include <optional>
#include <span>
#include <utility>
#include <vector>

#include "absl/container/flat_hash_map.h"
#include "blueprint/documents.h"
#include "blueprint/policy.h"

namespace behalf {

// A rule whose conditions on the documents hold.
struct RuleInForce {
  const Policy* policy = nullptr;
  const Rule* rule = nullptr;
  // Whether the documents' part of `unless` holds too, so that the request's
  // part decides. False: nothing exempts this request.
  bool may_be_exempt = false;
};

// What a rule is asked about, of the catalog; null: the agent itself, or what
// does not exist.
struct RuleSubject {
  const Agent* agent = nullptr;
  const Tool* tool = nullptr;
  const Api* api = nullptr;
  Access access = Access::kDelegated;
};

// Whether what the condition says of the documents holds; true when it says
// nothing of them.
bool DocumentsFit(const Condition& condition, const RuleSubject& subject);

// Whether the condition looks at nothing but the documents.
bool LooksAtDocumentsOnly(const Condition& condition);

// Null when the documents alone keep the rule from applying.
std::optional<RuleInForce> InForceFor(const Policy& policy, const Rule& rule,
                                      const RuleSubject& subject);

// Immutable once made; thread-safe. Agents and allowances that all rules treat
// alike share one list.
class RuleIndex {
 public:
  RuleIndex() = default;
  RuleIndex(std::span<const std::unique_ptr<const Policy>> policies,
            std::span<const std::unique_ptr<const Blueprint>> blueprints);

  std::span<const RuleInForce> Find(const Agent& agent, const Allowance& allowance) const;

 private:
  using Rules = std::vector<RuleInForce>;

  void List(std::span<const std::unique_ptr<const Policy>> policies, const Agent& agent,
            const Allowance& line);

  absl::flat_hash_map<const Agent*, int> agent_classes_;
  absl::flat_hash_map<const Allowance*, int> allowance_classes_;
  absl::flat_hash_map<std::pair<int, int>, Rules> rules_;
};

}  // namespace behalf
