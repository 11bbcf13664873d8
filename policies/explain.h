// Why is the answer what it is, and what would change it? Pure; thread-safe.
// The answer is Decide's own; the terms and the edit are found by the same
// functions that Decide is made of.
#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "blueprint/catalog.h"
#include "policies/decide.h"
#include "policies/edit.h"
#include "policies/facts.h"

namespace behalf {

// What is asked about: who calls, as which agent, and the rest of the facts.
// `facts.agent` is found from these; `facts.caller` is the caller.
struct Question {
  std::string_view agent = {};  // may be empty, as in a request
  Facts facts = {};
  // The blueprints that facts of the host disable, besides `facts.disabled`;
  // sorted.
  std::span<const std::string> disabled = {};
  // `facts.revoked`, by agent; empty: nothing is revoked.
  std::function<std::string(const Agent&)> revoked = {};
};

enum class Verdict : std::uint8_t {
  kHolds,         // does not stand in the way
  kFails,         // alone would refuse
  kRestricts,     // narrows or shortens
  kWarns,         // is recorded, and changes nothing
  kDoesNotApply,  // a rule that does not concern this request
  kNotReached,    // cannot be told, because of a term before it
};

// One thing that the decision looked at.
struct Term {
  // caller, agent, blueprint, user, allowance, scopes, policy (one for each
  // rule) or lifetime; revocation, where something is revoked.
  std::string_view name;
  Verdict verdict = Verdict::kHolds;
  std::string text;              // one clause for the operator
  const Place* place = nullptr;  // where it stands in the documents; null: nowhere
};

struct Explanation {
  Decision decision;
  std::vector<Term> terms;  // in the order of the decision; never empty
  // Taken together, the nearest change that would flip the answer; empty when
  // none of the documented edits would.
  std::vector<Edit> edits;
};

Explanation Explain(const Catalog& catalog, const Question& question);

std::string_view VerdictName(Verdict verdict);

}  // namespace behalf
