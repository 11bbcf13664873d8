#include "tests/policies/property/naive.h"

#include <algorithm>

#include "tests/policies/property/condition.h"

namespace behalf::model {
namespace {

using Set = std::set<std::string>;

Set SetOf(const Texts& texts) { return {texts.begin(), texts.end()}; }
bool Lists(const Texts& texts, const std::string& text) { return SetOf(texts).count(text) > 0; }

Set SetOf(const Labels& labels) {
  Set set;
  for (const auto& [key, value] : labels) set.insert(key + "=" + value);
  return set;
}

std::optional<Set> SetOf(const std::optional<Texts>& texts) {
  return texts ? std::optional(SetOf(*texts)) : std::nullopt;
}

std::optional<Set> OneOf(const std::optional<std::string>& text) {
  return text ? std::optional(Set{*text}) : std::nullopt;
}

bool AnyMatches(const std::vector<Selector>& selectors, const Process& process) {
  return std::any_of(selectors.begin(), selectors.end(),
                     [&](const Selector& selector) { return Matches(selector, process); });
}

std::string ReasonOfNoAgent(const Documents& documents, const Process& process) {
  bool known = Matches({.socket = "admin", .user = kAdmin}, process);
  for (const auto& [name, tool] : documents.tools)
    known = known || AnyMatches(tool.callers, process);
  return known ? "CALLER_NOT_AGENT" : "CALLER_UNKNOWN";
}

// Answers with the agent's name, or with a reason.
std::string ChooseAgent(const Documents& documents, const Request& request, std::string& reason) {
  const Set own = AgentsOf(documents, request.caller);
  if (own.empty()) {
    reason = ReasonOfNoAgent(documents, request.caller);
  } else if (request.agent.empty()) {
    if (own.size() > 1) reason = "AGENT_AMBIGUOUS";
  } else if (own.count(request.agent) == 0) {
    reason = "AGENT_NOT_CALLERS";
  }
  if (!reason.empty()) return "";
  return request.agent.empty() ? *own.begin() : request.agent;
}

std::string ReasonAgainst(const User& user, const Subjects& subjects) {
  if (user.tenant != kTenant) return "SUBJECT_TENANT";
  if (!Lists(subjects.audiences, user.audience)) return "SUBJECT_AUDIENCE";
  if (!Lists(subjects.clients, user.client)) return "SUBJECT_CLIENT";
  bool carries = false;
  for (const std::string& scope : user.scopes) carries = carries || Lists(subjects.scopes, scope);
  if (!carries) return "SUBJECT_SCOPE";
  return user.guest && !subjects.guests ? "SUBJECT_GUEST" : "";
}

const Allowance* FindAllowance(const Blueprint& blueprint, const Request& request) {
  for (const Allowance& line : blueprint.allow) {
    if (line.application != request.application) continue;
    if (line.tool == request.tool && line.api == request.api) return &line;
  }
  return nullptr;
}

std::string ReasonOfNoAllowance(const Blueprint& blueprint, const Request& request) {
  if (!request.tool.empty()) return "NOT_ALLOWED";
  for (const Allowance& line : blueprint.allow) {
    if (line.application != request.application) continue;
    if (!line.tool.empty() && line.api == request.api) return "HANDLE_REQUIRED";
  }
  return "NOT_ALLOWED";
}

Known KnownOf(const Documents& documents, const Blueprint& blueprint,
              const std::string& blueprint_name, const std::string& agent, const Set& base,
              const Request& request) {
  const Api& api = documents.apis.at(request.api);
  const bool itself = request.tool.empty();
  const User& user = request.user;
  return {.sets = {{"agent", Set{agent}},
                   {"agentLabels", SetOf(blueprint.agents.at(agent).labels)},
                   {"blueprint", Set{blueprint_name}},
                   {"tool", itself ? Set{} : Set{request.tool}},
                   {"toolLabels", itself ? Set{} : SetOf(documents.tools.at(request.tool).labels)},
                   {"api", Set{request.api}},
                   {"apiLabels", SetOf(api.labels)},
                   {"access", Set{request.application ? "application" : "delegated"}},
                   {"scopeRequest", Set{api.by_default ? "default" : "named"}},
                   {"tenant", request.application ? std::nullopt : std::optional(Set{user.tenant})},
                   {"groups", SetOf(user.groups)},
                   {"roles", SetOf(user.roles)},
                   {"acr", OneOf(user.acr)},
                   {"amr", SetOf(user.amr)},
                   {"authContexts", SetOf(user.auth_contexts)},
                   {"scopes", base},
                   {"purpose", OneOf(request.purpose)},
                   {"toolName", OneOf(request.tool_name)},
                   {"argumentsDigest", OneOf(request.arguments_digest)}},
          .request = &request};
}

bool Applies(const Rule& rule, const Known& known, Coverage& coverage) {
  if (rule.when && Holds(*rule.when, known, coverage) == Truth::kFalse) return false;
  return !(rule.unless && Holds(*rule.unless, known, coverage) == Truth::kTrue);
}

bool AsksForSignIn(const Effect& effect) {
  return effect.sign_in_within.has_value() || !effect.auth_context.empty();
}

bool SignInIsShown(const Effect& effect, const Request& request) {
  const User& user = request.user;
  if (!effect.auth_context.empty() &&
      !(user.auth_contexts && Lists(*user.auth_contexts, effect.auth_context))) {
    return false;
  }
  return !effect.sign_in_within ||
         (user.signed_in_at && IsRecent(*user.signed_in_at, *effect.sign_in_within, request.now));
}

void CountEffects(const Effect& effect, const Request& request, Coverage& coverage) {
  if (effect.deny) coverage.Count("effect deny");
  if (effect.warn) coverage.Count("effect warn");
  if (!effect.only_scopes.empty()) coverage.Count("effect onlyScopes");
  if (!effect.without_scopes.empty()) coverage.Count("effect withoutScopes");
  if (effect.max_lifetime) coverage.Count("effect maxLifetime");
  if (effect.reuse_for) coverage.Count("effect reuseFor");
  if (!AsksForSignIn(effect)) return;
  coverage.Count(SignInIsShown(effect, request) ? "effect signIn: shown" : "effect signIn: unmet");
}

// The youngest sign-in that any of the rules wants, and the first of the
// contexts that are missing.
Answer Challenge(const std::vector<const Effect*>& effects, const Request& request) {
  Answer answer{.reason = "SIGN_IN_REQUIRED"};
  Set missing;
  for (const Effect* effect : effects) {
    if (effect->sign_in_within) {
      answer.max_age =
          std::min(answer.max_age.value_or(*effect->sign_in_within), *effect->sign_in_within);
    }
    const bool shown = SignInIsShown({.auth_context = effect->auth_context}, request);
    if (!shown) missing.insert(effect->auth_context);
  }
  if (!missing.empty()) answer.auth_context = *missing.begin();
  return answer;
}

bool TakesAway(const Effect& effect, const std::string& scope) {
  if (Lists(effect.without_scopes, scope)) return true;
  return !effect.only_scopes.empty() && !Lists(effect.only_scopes, scope);
}

// The last step: what rules that apply make of a line and its scopes.
Answer Restrict(const Allowance& line, const Set& base, const std::vector<const Effect*>& effects,
                const Request& request) {
  Answer answer{
      .reason = "", .scopes = base, .max_lifetime = line.max_lifetime, .reuse_for = line.reuse_for};
  Set withheld;
  for (const Effect* effect : effects) {
    if (effect->deny) return {.reason = "POLICY_DENIED"};
  }
  for (const Effect* effect : effects) {
    const bool unmet = !SignInIsShown(*effect, request);
    if (unmet && request.application) return {.reason = "POLICY_DENIED"};
    if (unmet) return Challenge(effects, request);
    for (const Texts* list : {&line.scopes, &line.accept}) {
      for (const std::string& scope : *list) {
        if (TakesAway(*effect, scope)) answer.withheld.insert(scope);
      }
    }
    if (effect->max_lifetime)
      answer.max_lifetime = std::min(answer.max_lifetime, *effect->max_lifetime);
    if (effect->reuse_for) answer.reuse_for = std::min(answer.reuse_for, *effect->reuse_for);
  }
  for (const std::string& scope : answer.withheld) {
    if (request.application && base.count(scope) > 0) return {.reason = "POLICY_DENIED"};
    if (Lists(request.scopes, scope)) return {.reason = "POLICY_DENIED"};
    answer.scopes.erase(scope);
  }
  if (answer.scopes.empty() && !base.empty()) return {.reason = "POLICY_DENIED"};
  answer.reuse_for = std::min(answer.reuse_for, answer.max_lifetime);
  return answer;
}

Answer EvaluateAs(const Documents& documents, const std::string& name, const Blueprint& blueprint,
                  const std::string& agent, const Request& request, Coverage& coverage) {
  if (request.revoked) return {.reason = "REVOKED"};
  if (request.disabled) return {.reason = "BLUEPRINT_DISABLED"};
  if (!request.application) {
    const std::string refusal = ReasonAgainst(request.user, blueprint.subjects);
    if (!refusal.empty()) return {.reason = refusal};
  }
  const Allowance* line = FindAllowance(blueprint, request);
  if (line == nullptr) return {.reason = ReasonOfNoAllowance(blueprint, request)};
  const Texts all = request.within.value_or(line->scopes);
  const Set base = SetOf(request.scopes.empty() ? all : request.scopes);
  for (const std::string& scope : base) {
    if (!Lists(line->scopes, scope) || !Lists(all, scope)) return {.reason = "SCOPE_NOT_ALLOWED"};
  }

  const Known known = KnownOf(documents, blueprint, name, agent, base, request);
  Set applied;
  std::vector<const Effect*> effects;
  for (const auto& [policy_name, policy] : documents.policies) {
    for (const auto& [rule_name, rule] : policy) {
      if (!Applies(rule, known, coverage)) continue;
      applied.insert(policy_name + "/" + rule_name);
      effects.push_back(&rule.then);
      CountEffects(rule.then, request, coverage);
    }
  }
  Answer answer = Restrict(*line, base, effects, request);
  answer.applied = applied;
  return answer;
}

}  // namespace

bool Matches(const Selector& selector, const Process& process) {
  if (process.uid == kNobody || selector.socket != process.socket) return false;
  if (selector.by_unknown_name) return false;
  if (selector.user && *selector.user != process.uid) return false;
  const auto& groups = process.groups;
  return !selector.group ||
         std::find(groups.begin(), groups.end(), *selector.group) != groups.end();
}

std::set<std::string> AgentsOf(const Documents& documents, const Process& process) {
  Set agents;
  for (const auto& [name, blueprint] : documents.blueprints) {
    for (const auto& [agent_name, agent] : blueprint.agents) {
      if (AnyMatches(agent.callers, process)) agents.insert(agent_name);
    }
  }
  return agents;
}

Answer Evaluate(const Documents& documents, const Request& request, Coverage& coverage) {
  Answer answer;
  const std::string agent = ChooseAgent(documents, request, answer.reason);
  for (const auto& [name, blueprint] : documents.blueprints) {
    if (agent.empty() || blueprint.agents.count(agent) == 0) continue;
    answer = EvaluateAs(documents, name, blueprint, agent, request, coverage);
  }
  coverage.Count("reason " + (answer.reason.empty() ? "none" : answer.reason));
  return answer;
}

}  // namespace behalf::model
