#include "policies/explain.h"

#include <algorithm>
#include <utility>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "policies/admit.h"
#include "policies/condition.h"
#include "policies/identify.h"
#include "policies/narrow.h"
#include "policies/nearest_caller.h"
#include "policies/repair.h"

namespace behalf {
namespace {

// What a rule that applies does to this decision.
Verdict VerdictOf(const Effect& effect, const Facts& facts, const Decision& base) {
  if (effect.deny) return Verdict::kFails;
  if (effect.sign_in && !ShowsSignIn(*effect.sign_in, facts)) return Verdict::kFails;
  const bool withholds = std::ranges::any_of(
      base.allowance->scopes, [&](const std::string& scope) { return Withholds(effect, scope); });
  const bool shortens = effect.max_lifetime && *effect.max_lifetime < base.allowance->max_lifetime;
  const bool sooner = effect.reuse_for && *effect.reuse_for < base.allowance->reuse_for;
  if (withholds || shortens || sooner) return Verdict::kRestricts;
  return effect.warn ? Verdict::kWarns : Verdict::kHolds;
}

// The question's facts, as those of this agent.
Facts FactsOf(const Question& question, const Agent& agent) {
  Facts facts = question.facts;
  facts.agent = &agent;
  facts.disabled |= std::ranges::binary_search(question.disabled, agent.blueprint->name);
  if (question.revoked) facts.revoked = question.revoked(agent);
  return facts;
}

class Walk {
 public:
  Walk(const Catalog& catalog, const Facts& facts) : catalog_(catalog), facts_(facts) {}

  // The terms after caller and agent.
  std::vector<Term> Terms(const Decision& decision) {
    AddRevocation();
    AddBlueprint();
    AddUser();
    AddAllowance(decision);
    return std::move(terms_);
  }

 private:
  void Add(std::string_view name, Verdict verdict, std::string text, const Place* place = nullptr) {
    terms_.push_back({name, verdict, std::move(text), place});
  }

  void AddRevocation() {
    if (!facts_.revoked.empty()) Add("revocation", Verdict::kFails, facts_.revoked);
  }

  void AddBlueprint() {
    const Blueprint& blueprint = *facts_.agent->blueprint;
    if (facts_.disabled) {
      Add("blueprint", Verdict::kFails, absl::StrCat(blueprint.name, " is disabled on this host"),
          &blueprint.place);
    } else {
      Add("blueprint", Verdict::kHolds, blueprint.name, &blueprint.place);
    }
  }

  void AddUser() {
    const Blueprint& blueprint = *facts_.agent->blueprint;
    if (facts_.access == Access::kApplication) {
      return Add("user", Verdict::kHolds, "there is none: the agent acts as itself");
    }
    const auto refused = RefuseUser(blueprint.subjects, facts_.user);
    Add("user", refused ? Verdict::kFails : Verdict::kHolds,
        refused ? std::string(RowOf(*refused).advice) : "the blueprint admits the user",
        &blueprint.place);
  }

  void AddAllowance(const Decision& decision) {
    const Api* api = catalog_.FindApi(facts_.api);
    const Tool* tool = facts_.tool.empty() ? nullptr : catalog_.FindTool(facts_.tool);
    const bool exists = api != nullptr && (tool != nullptr || facts_.tool.empty());
    const Allowance* line =
        exists ? catalog_.FindAllowance(*facts_.agent, tool, *api, facts_.access) : nullptr;
    if (line == nullptr) return AddMissing(decision);
    Add("allowance", Verdict::kHolds,
        absl::StrCat(tool == nullptr ? "the agent itself" : tool->name, " reaches ", api->name),
        &line->place);
    AddScopes(*line);
    AddRules(*line, decision);
    AddLifetime(*line);
  }

  void AddMissing(const Decision& decision) {
    const bool said = decision.term == "allowance" && !decision.detail.empty();
    Add("allowance", Verdict::kFails, said ? decision.detail : "no line of `allow` covers it");
    for (const std::string_view name : {"scopes", "policy", "lifetime"}) {
      Add(name, Verdict::kNotReached, "there is no allowance");
    }
  }

  // The line without any rule: what is asked for, and whether the line has it.
  void AddScopes(const Allowance& line) {
    base_ = DecideUnder(line, {}, facts_);
    if (!base_.allowed()) {
      Add("scopes", Verdict::kFails, base_.detail, &line.place);
      base_.allowance = &line;
      base_.scopes.assign(facts_.scopes.begin(), facts_.scopes.end());
      std::ranges::sort(base_.scopes);
      return;
    }
    Add("scopes", Verdict::kHolds, absl::StrJoin(base_.scopes, " "), &line.place);
  }

  void AddRules(const Allowance& line, const Decision& decision) {
    const RuleSubject subject{facts_.agent, line.tool, line.api, line.access};
    for (const auto& policy : catalog_.policies()) {
      for (const Rule& rule : policy->rules) AddRule(*policy, rule, subject, decision);
    }
  }

  void AddRule(const Policy& policy, const Rule& rule, const RuleSubject& subject,
               const Decision& decision) {
    const auto in_force = InForceFor(policy, rule, subject);
    const std::string name = absl::StrCat(policy.name, "/", rule.name);
    if (!in_force) {
      Add("policy", Verdict::kDoesNotApply, name + ": the documents keep it away", &rule.place);
    } else if (!Applies(*in_force, facts_, base_.scopes)) {
      Add("policy", Verdict::kDoesNotApply, name + ": its conditions do not hold", &rule.place);
    } else {
      const std::string why = rule.because.empty() ? "" : ": " + rule.because;
      // A rule may deny by taking away what was asked for by name, or the rest.
      const bool denies = !decision.allowed() && decision.decided_by == &rule.place;
      Add("policy", denies ? Verdict::kFails : VerdictOf(rule.then, facts_, base_), name + why,
          &rule.place);
    }
  }

  void AddLifetime(const Allowance& line) {
    const Decision limited = DecideUnder(line, catalog_.RulesFor(*facts_.agent, line), facts_);
    if (!limited.allowed()) {
      return Add("lifetime", Verdict::kNotReached, "nothing is handed out", &line.place);
    }
    const bool shorter =
        limited.max_lifetime < line.max_lifetime || limited.reuse_for < line.reuse_for;
    Add("lifetime", shorter ? Verdict::kRestricts : Verdict::kHolds,
        absl::StrCat("at most ", absl::FormatDuration(limited.max_lifetime), ", handed out for ",
                     absl::FormatDuration(limited.reuse_for)),
        &line.place);
  }

  const Catalog& catalog_;
  const Facts& facts_;
  Decision base_;
  std::vector<Term> terms_;
};

std::vector<Edit> EditsAfter(const Catalog& catalog, const Facts& facts, Edit first) {
  Repair repair = RepairOf(catalog, facts);
  if (!repair.possible) return {};
  repair.edits.insert(repair.edits.begin(), std::move(first));
  return std::move(repair.edits);
}

// Where nobody knows the caller as the agent that it names, or as any.
std::vector<Edit> AddingTheCaller(const Catalog& catalog, const Question& question) {
  const auto nearest = NearestAgent(catalog, question.facts.caller, question.agent);
  if (nearest == nullptr || CannotBeAnAgent(catalog, question.facts.caller)) return {};
  return EditsAfter(catalog, FactsOf(question, *nearest),
                    {.kind = EditKind::kAddCaller,
                     .item = nearest->name,
                     .values = {SelectorOf(question.facts.caller)},
                     .place = nearest->place});
}

// The first of the caller's agents that would be allowed, else the first that
// the fewest edits help.
std::vector<Edit> NamingAnAgent(const Catalog& catalog, const Question& question) {
  std::vector<Edit> nearest;
  for (const Agent* agent : catalog.AgentsOf(question.facts.caller)) {
    auto edits = EditsAfter(
        catalog, FactsOf(question, *agent),
        {.kind = EditKind::kNameAgent, .item = agent->name, .values = {agent->name}, .place = {}});
    if (edits.empty()) continue;
    if (nearest.empty() || edits.size() < nearest.size()) nearest = std::move(edits);
  }
  return nearest;
}

// A change of the request before one of the documents that is as small. Who
// may be several agents already must name one, whichever else it becomes.
std::vector<Edit> EditsForCaller(const Catalog& catalog, const Question& question, Reason denied) {
  std::vector<Edit> naming = NamingAnAgent(catalog, question);
  if (denied == Reason::kAgentAmbiguous) return naming;
  std::vector<Edit> adding = AddingTheCaller(catalog, question);
  const bool add = naming.empty() || (!adding.empty() && adding.size() < naming.size());
  return add ? adding : naming;
}

Explanation ExplainCaller(const Catalog& catalog, const Question& question,
                          const AgentChoice& choice) {
  Explanation explanation;
  explanation.decision = Deny(*choice.denied, "caller", choice.detail);
  const UnixSelector* const near = *choice.denied == Reason::kCallerUnknown
                                       ? NearestSelector(catalog, question.facts.caller)
                                       : nullptr;
  explanation.terms.push_back(
      {"caller", Verdict::kFails, choice.detail, near == nullptr ? nullptr : &near->place});
  for (const std::string_view name :
       {"agent", "blueprint", "user", "allowance", "scopes", "policy", "lifetime"}) {
    explanation.terms.push_back({name, Verdict::kNotReached, "nobody is asking", nullptr});
  }
  explanation.edits = EditsForCaller(catalog, question, *choice.denied);
  return explanation;
}

}  // namespace

Explanation Explain(const Catalog& catalog, const Question& question) {
  const AgentChoice choice = ChooseAgent(catalog, question.facts.caller, question.agent);
  if (choice.denied) return ExplainCaller(catalog, question, choice);
  const Facts facts = FactsOf(question, *choice.agent);
  Explanation explanation;
  explanation.decision = Decide(catalog, facts);
  explanation.terms.push_back(
      {"caller", Verdict::kHolds, SelectorOf(facts.caller), &choice.agent->place});
  explanation.terms.push_back({"agent", Verdict::kHolds, choice.agent->name, &choice.agent->place});
  for (Term& term : Walk(catalog, facts).Terms(explanation.decision)) {
    explanation.terms.push_back(std::move(term));
  }
  if (explanation.decision.allowed()) {
    explanation.edits = {{.kind = EditKind::kRemoveAllowance,
                          .item = choice.agent->blueprint->name,
                          .values = {},
                          .place = explanation.decision.allowance->place}};
  } else {
    explanation.edits = RepairOf(catalog, facts).edits;
  }
  return explanation;
}

std::string_view VerdictName(Verdict verdict) {
  switch (verdict) {
    case Verdict::kHolds:
      return "holds";
    case Verdict::kFails:
      return "fails";
    case Verdict::kRestricts:
      return "restricts";
    case Verdict::kWarns:
      return "warns";
    case Verdict::kDoesNotApply:
      return "does not apply";
    case Verdict::kNotReached:
      return "not reached";
  }
  return "";
}

}  // namespace behalf
