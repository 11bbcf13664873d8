#include "blueprint/rule_index.h"

#include <algorithm>
#include <optional>
#include <string>

namespace behalf {
namespace {

// Which parts of a rule's conditions hold.
struct Fit {
  bool when = true;
  bool unless = true;
};

bool Has(const std::vector<std::string>& sorted, const std::string& value) {
  return std::ranges::binary_search(sorted, value);
}

bool FitsOne(const Match& match, const std::string& value) {
  return (match.any.empty() || Has(match.any, value)) && !Has(match.none, value);
}

bool FitsNothing(const Match& match) { return match.any.empty() && match.all.empty(); }

bool FitsSet(const Match& match, const std::vector<std::string>& facts) {
  const auto held = [&](const std::string& value) { return Has(facts, value); };
  return (match.any.empty() || std::ranges::any_of(match.any, held)) &&
         std::ranges::all_of(match.all, held) && std::ranges::none_of(match.none, held);
}

bool FitsAgent(const Condition& condition, const Agent& agent) {
  return FitsOne(condition.agent, agent.name) && FitsSet(condition.agent_labels, agent.labels) &&
         FitsOne(condition.blueprint, agent.blueprint->name);
}

bool FitsTool(const Condition& condition, const Tool* tool) {
  if (tool == nullptr) return FitsNothing(condition.tool) && FitsNothing(condition.tool_labels);
  return FitsOne(condition.tool, tool->name) && FitsSet(condition.tool_labels, tool->labels);
}

std::string RequestName(ScopeRequest request) {
  return request == ScopeRequest::kDefault ? "default" : "named";
}

bool FitsApi(const Condition& condition, const Api* api) {
  if (api == nullptr) {
    return FitsNothing(condition.api) && FitsNothing(condition.api_labels) &&
           FitsNothing(condition.scope_request);
  }
  return FitsOne(condition.api, api->name) && FitsSet(condition.api_labels, api->labels) &&
         FitsOne(condition.scope_request, RequestName(api->request));
}

bool FitsTarget(const Condition& condition, const Tool* tool, const Api* api, Access access) {
  return FitsTool(condition, tool) && FitsApi(condition, api) &&
         FitsOne(condition.access, std::string(NameOf(access)));
}

template <class Fits>
Fit FitOf(const Rule& rule, Fits fits) {
  return {.when = !rule.when || fits(*rule.when), .unless = rule.unless && fits(*rule.unless)};
}

// Numbers what all rules treat alike by the same number.
class Classes {
 public:
  int Of(std::string fits) {
    return numbers_.try_emplace(std::move(fits), static_cast<int>(numbers_.size())).first->second;
  }

 private:
  absl::flat_hash_map<std::string, int> numbers_;
};

template <class Fits>
std::string FitsOfAll(std::span<const std::unique_ptr<const Policy>> policies, Fits fits) {
  std::string text;
  for (const auto& policy : policies) {
    for (const Rule& rule : policy->rules) {
      const Fit fit = FitOf(rule, fits);
      text.push_back(static_cast<char>('0' + (fit.when ? 1 : 0) + (fit.unless ? 2 : 0)));
    }
  }
  return text;
}

}  // namespace

bool DocumentsFit(const Condition& condition, const RuleSubject& subject) {
  return FitsAgent(condition, *subject.agent) &&
         FitsTarget(condition, subject.tool, subject.api, subject.access);
}

bool LooksAtDocumentsOnly(const Condition& condition) {
  const auto silent = [](const Match* match) { return match->states_nothing(); };
  const auto matches = {
      &condition.tenant,    &condition.groups,          &condition.roles,  &condition.acr,
      &condition.amr,       &condition.auth_contexts,   &condition.scopes, &condition.purpose,
      &condition.tool_name, &condition.arguments_digest};
  return std::ranges::all_of(matches, silent) && condition.caller.states_nothing() &&
         !condition.guest && !condition.signed_in_within && !condition.time;
}

std::optional<RuleInForce> InForceFor(const Policy& policy, const Rule& rule,
                                      const RuleSubject& subject) {
  const auto fits = [&](const Condition& condition) { return DocumentsFit(condition, subject); };
  const Fit fit = FitOf(rule, fits);
  if (!fit.when) return std::nullopt;
  if (fit.unless && LooksAtDocumentsOnly(*rule.unless)) return std::nullopt;
  return RuleInForce{&policy, &rule, fit.unless};
}

RuleIndex::RuleIndex(std::span<const std::unique_ptr<const Policy>> policies,
                     std::span<const std::unique_ptr<const Blueprint>> blueprints) {
  if (policies.empty()) return;
  Classes agents, allowances;
  for (const auto& blueprint : blueprints) {
    for (const Agent& agent : blueprint->agents) {
      const auto fits = [&](const Condition& condition) { return FitsAgent(condition, agent); };
      agent_classes_.emplace(&agent, agents.Of(FitsOfAll(policies, fits)));
    }
    for (const Allowance& line : blueprint->allow) {
      const auto fits = [&](const Condition& condition) {
        return FitsTarget(condition, line.tool, line.api, line.access);
      };
      allowance_classes_.emplace(&line, allowances.Of(FitsOfAll(policies, fits)));
    }
    for (const Agent& agent : blueprint->agents) {
      for (const Allowance& line : blueprint->allow) List(policies, agent, line);
    }
  }
}

void RuleIndex::List(std::span<const std::unique_ptr<const Policy>> policies, const Agent& agent,
                     const Allowance& line) {
  const auto [place, is_new] =
      rules_.try_emplace({agent_classes_.at(&agent), allowance_classes_.at(&line)});
  if (!is_new) return;
  const RuleSubject subject{&agent, line.tool, line.api, line.access};
  for (const auto& policy : policies) {
    for (const Rule& rule : policy->rules) {
      if (const auto in_force = InForceFor(*policy, rule, subject)) {
        place->second.push_back(*in_force);
      }
    }
  }
}

std::span<const RuleInForce> RuleIndex::Find(const Agent& agent, const Allowance& allowance) const {
  const auto agent_class = agent_classes_.find(&agent);
  const auto allowance_class = allowance_classes_.find(&allowance);
  if (agent_class == agent_classes_.end() || allowance_class == allowance_classes_.end()) return {};
  const auto found = rules_.find({agent_class->second, allowance_class->second});
  return found == rules_.end() ? std::span<const RuleInForce>() : found->second;
}

}  // namespace behalf
