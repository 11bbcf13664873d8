// The evaluator against a naive one, on random documents and requests.
#include <gtest/gtest.h>

#include <algorithm>
#include <cstdlib>
#include <functional>

#include "tests/policies/property/render.h"
#include "tests/policies/property/trial.h"

namespace behalf::model {
namespace {

Answer Ask(const Catalog& catalog, const Request& request) {
  return AnswerOf(Enforce(catalog, Asked(request).question()));
}

Violation Differ(const std::string& what, const Answer& one, const std::string& other_what,
                 const Answer& other) {
  if (one == other) return std::nullopt;
  return what + ": " + Show(one) + "\n" + other_what + ": " + Show(other);
}

bool Holds(const std::set<std::string>& all, const std::set<std::string>& some) {
  return std::ranges::includes(all, some);
}

// Whether `strict` gives nothing that `wide` does not.
bool IsNoWider(const Answer& strict, const Answer& wide) {
  if (!strict.reason.empty()) return true;
  return wide.reason.empty() && Holds(wide.scopes, strict.scopes) &&
         Holds(strict.withheld, wide.withheld) && strict.max_lifetime <= wide.max_lifetime &&
         strict.reuse_for <= wide.reuse_for;
}

Violation Wider(const Answer& strict, const Answer& wide) {
  if (IsNoWider(strict, wide)) return std::nullopt;
  return "before: " + Show(wide) + "\nafter: " + Show(strict);
}

// Fails when something happened to less than one in `fraction` decisions.
void ExpectMet(const Coverage& coverage, const std::string& what, int fraction) {
  if (std::getenv("BEHALF_SEED") != nullptr) return;
  EXPECT_GE(coverage.Of(what), Decisions() / fraction) << "met too rarely: " << what;
}

void ExpectReasonsMet(const Coverage& coverage) {
  ExpectMet(coverage, "reason none", 5);
  for (const std::string reason :
       {"CALLER_UNKNOWN", "CALLER_NOT_AGENT", "AGENT_AMBIGUOUS", "AGENT_NOT_CALLERS",
        "BLUEPRINT_DISABLED", "SUBJECT_TENANT", "SUBJECT_AUDIENCE", "SUBJECT_CLIENT",
        "SUBJECT_SCOPE", "SUBJECT_GUEST", "NOT_ALLOWED", "HANDLE_REQUIRED", "SCOPE_NOT_ALLOWED",
        "POLICY_DENIED", "SIGN_IN_REQUIRED"}) {
    ExpectMet(coverage, "reason " + reason, 300);
  }
}

void ExpectConditionsMet(const Coverage& coverage) {
  const Texts known = {"agent",  "agentLabels", "blueprint", "tool",   "toolLabels",
                       "api",    "apiLabels",   "access",    "caller", "scopeRequest",
                       "tenant", "guest",       "scopes",    "time"};
  const Texts maybe = {"groups",  "roles",        "acr",
                       "amr",     "authContexts", "signedInWithin",
                       "purpose", "toolName",     "argumentsDigest"};
  for (const Texts& parts : {known, maybe}) {
    for (const std::string& part : parts) {
      ExpectMet(coverage, "condition " + part + ": true", 500);
      ExpectMet(coverage, "condition " + part + ": false", 500);
    }
  }
  for (const std::string& part : maybe) {
    ExpectMet(coverage, "condition " + part + ": unknown", 500);
  }
}

void ExpectEffectsMet(const Coverage& coverage) {
  for (const std::string effect : {"deny", "warn", "onlyScopes", "withoutScopes", "maxLifetime",
                                   "reuseFor", "signIn: shown", "signIn: unmet"}) {
    ExpectMet(coverage, "effect " + effect, 100);
  }
}

TEST(DecisionProperties, TheNaiveEvaluatorAgrees) {
  Coverage coverage;
  ForRandomRequests([&](Trial& trial, const Request& request) {
    return Differ("decided", Ask(*trial.catalog, request), "should be",
                  Evaluate(trial.documents, request, coverage));
  });
  ExpectReasonsMet(coverage);
  ExpectConditionsMet(coverage);
  ExpectEffectsMet(coverage);
  for (const auto& [what, count] : coverage.counts()) {
    if (std::getenv("BEHALF_COVERAGE") != nullptr) std::printf("%8d %s\n", count, what.c_str());
  }
}

bool IsSortedOnce(const Texts& texts) {
  return std::ranges::adjacent_find(texts, std::ranges::greater_equal()) == texts.end();
}

TEST(DecisionProperties, ADenialGivesNothingAndAnAnswerIsInOrder) {
  ForRandomRequests([](Trial& trial, const Request& request) -> Violation {
    const Asked asked(request);
    const Decision decision = Enforce(*trial.catalog, asked.question());
    if (decision.allowed() != (decision.allowance != nullptr))
      return "an allowance too many or few";
    if (!decision.allowed() && !decision.scopes.empty()) return "a denial with scopes";
    if (IsSortedOnce(decision.scopes) && IsSortedOnce(decision.withheld)) return std::nullopt;
    return "out of order: " + testing::PrintToString(decision.scopes) + " without " +
           testing::PrintToString(decision.withheld);
  });
}

TEST(DecisionProperties, AnExplanationIsOfTheEnforcedDecision) {
  ForRandomRequests([](Trial& trial, const Request& request) -> Violation {
    const Asked asked(request);
    const Decision enforced = Enforce(*trial.catalog, asked.question());
    const Explanation explained = Explain(*trial.catalog, asked.question());
    if (const auto differ =
            Differ("explained", AnswerOf(explained.decision), "enforced", AnswerOf(enforced))) {
      return differ;
    }
    if (explained.terms.empty()) return "an explanation without a term";
    if (enforced.detail != explained.decision.detail || enforced.term != explained.decision.term ||
        enforced.decided_by != explained.decision.decided_by ||
        enforced.allowance != explained.decision.allowance) {
      return "explained by " + explained.decision.detail + "\nenforced by " + enforced.detail;
    }
    return std::nullopt;
  });
}

TEST(DecisionProperties, OrderChangesNothing) {
  std::shared_ptr<const Catalog> mixed;
  const auto mix = [&](Trial& trial) -> Violation {
    mixed = CatalogOf(RenderShuffled(trial.documents, trial.random));
    if (mixed->digest() == trial.catalog->digest()) return std::nullopt;
    return "another order gives another digest";
  };
  ForRandomRequests(
      [&](Trial& trial, Request request) {
        const Answer before = Ask(*trial.catalog, request);
        for (const std::string& scope : Texts(request.scopes)) {
          if (trial.random.Percent(30)) request.scopes.push_back(scope);
        }
        trial.random.Shuffle(request.scopes);
        return Differ("in order", before, "out of order", Ask(*mixed, request));
      },
      mix);
}

TEST(DecisionProperties, OneMoreRuleNeverAllowsMore) {
  std::shared_ptr<const Catalog> stricter;
  bool denies = false;
  Coverage coverage;
  const auto add = [&](Trial& trial) -> Violation {
    Documents documents = trial.documents;
    Rule rule = RandomRule(documents, trial.random);
    denies = trial.random.Percent(50);
    if (denies) rule.then = {.deny = true};
    documents.policies[trial.random.Percent(50) ? "policy-1" : "policy-9"]["rule-9"] = rule;
    stricter = CatalogOf({Render(documents)});
    return std::nullopt;
  };
  ForRandomRequests(
      [&](Trial& trial, const Request& request) -> Violation {
        const Answer before = Ask(*trial.catalog, request), after = Ask(*stricter, request);
        if (denies && before.reason.empty() && after.reason.empty()) {
          return Differ("before", before, "with a rule that does not apply", after);
        }
        if (after != before) coverage.Count(denies ? "denied" : "restricted");
        return Wider(after, before);
      },
      add);
  ExpectMet(coverage, "denied", 50);
  ExpectMet(coverage, "restricted", 50);
}

TEST(DecisionProperties, AFactThatIsNotKnownNeverAllowsMore) {
  Coverage coverage;
  ForRandomRequests([&](Trial& trial, const Request& request) -> Violation {
    Request vague = request;
    User& user = vague.user;
    std::optional<Texts>* const lists[] = {&user.groups, &user.roles, &user.amr,
                                           &user.auth_contexts};
    std::optional<std::string>* const texts[] = {&user.acr, &vague.purpose, &vague.tool_name,
                                                 &vague.arguments_digest};
    for (auto* list : lists) {
      if (trial.random.Percent(25)) list->reset();
    }
    for (auto* text : texts) {
      if (trial.random.Percent(25)) text->reset();
    }
    if (trial.random.Percent(25)) user.signed_in_at.reset();
    const Answer before = Ask(*trial.catalog, request), after = Ask(*trial.catalog, vague);
    if (after != before) coverage.Count("stricter");
    if (!Holds(after.applied, before.applied)) return "a rule applies no longer";
    return Wider(after, before);
  });
  ExpectMet(coverage, "stricter", 50);
}

}  // namespace
}  // namespace behalf::model
