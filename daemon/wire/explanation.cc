#include "daemon/wire/explanation.h"

#include <algorithm>
#include <array>
#include <string>

#include "absl/strings/str_cat.h"
#include "daemon/wire/times.h"

namespace behalf {
namespace {

v1::Reason MessageOf(Reason reason) {
  v1::Reason message = v1::REASON_UNSPECIFIED;
  const std::string_view name = RowOf(reason).name;
  v1::Reason_Parse(absl::StrCat("REASON_", absl::string_view(name.data(), name.size())), &message);
  return message;
}

v1::Verdict MessageOf(Verdict verdict) {
  switch (verdict) {
    case Verdict::kHolds:
      return v1::VERDICT_HOLDS;
    case Verdict::kFails:
      return v1::VERDICT_FAILS;
    case Verdict::kRestricts:
      return v1::VERDICT_RESTRICTS;
    case Verdict::kWarns:
      return v1::VERDICT_WARNS;
    case Verdict::kDoesNotApply:
      return v1::VERDICT_DOES_NOT_APPLY;
    case Verdict::kNotReached:
      return v1::VERDICT_NOT_REACHED;
  }
  return v1::VERDICT_UNSPECIFIED;
}

void SetPlace(const Place& place, v1::Place& message) {
  message.set_file(place.file);
  message.set_line(place.line);
  message.set_column(place.column);
}

// What callers learn of every decision.
void SetAnswer(const Decision& decision, v1::Explanation& message) {
  message.set_allowed(decision.allowed());
  if (!decision.allowed()) message.set_reason(MessageOf(*decision.denied));
  if (decision.challenge) {
    message.set_claims(decision.challenge->claims);
    if (const auto& age = decision.challenge->max_age) {
      SetDuration(*age, *message.mutable_max_age());
    }
  }
  if (!decision.allowed()) return;
  for (const std::string& scope : decision.scopes) message.add_scopes(scope);
  SetDuration(decision.max_lifetime, *message.mutable_max_lifetime());
  SetDuration(decision.reuse_for, *message.mutable_reuse_for());
}

void SetTerm(const Term& term, v1::Term& message) {
  message.set_name(std::string(term.name));
  message.set_verdict(MessageOf(term.verdict));
  message.set_text(term.text);
  if (term.place != nullptr) SetPlace(*term.place, *message.mutable_place());
}

void SetEdit(const Edit& edit, v1::Edit& message) {
  message.set_kind(std::string(EditName(edit.kind)));
  message.set_sentence(Describe(edit));
  message.set_item(edit.item);
  for (const std::string& value : edit.values) message.add_values(value);
  if (!edit.place.file.empty()) SetPlace(edit.place, *message.mutable_place());
}

// Of several rules the caller learns what came of all.
int Weight(v1::Verdict verdict) {
  constexpr std::array kByWeight = {v1::VERDICT_HOLDS, v1::VERDICT_RESTRICTS, v1::VERDICT_FAILS};
  const auto at = std::ranges::find(kByWeight, verdict);
  return static_cast<int>(at - kByWeight.begin());
}

// A warning is the operator's, and so is a rule that stays away.
v1::Verdict VerdictForCaller(Verdict verdict) {
  const bool quiet = verdict == Verdict::kWarns || verdict == Verdict::kDoesNotApply;
  return quiet ? v1::VERDICT_HOLDS : MessageOf(verdict);
}

}  // namespace

void ToMessage(const Explanation& explanation, std::string_view catalog_digest,
               v1::Explanation& message) {
  const Decision& decision = explanation.decision;
  SetAnswer(decision, message);
  for (const Term& term : explanation.terms) SetTerm(term, *message.add_terms());
  if (!decision.allowed()) message.set_failed_term(std::string(decision.term));
  message.set_detail(decision.detail);
  if (decision.decided_by != nullptr) SetPlace(*decision.decided_by, *message.mutable_decided_by());
  for (const std::string& scope : decision.withheld) message.add_withheld(scope);
  for (const RuleInForce& rule : decision.applied) message.add_rules(NameOf(rule));
  for (const Edit& edit : explanation.edits) SetEdit(edit, *message.add_edits());
  message.set_catalog_digest(std::string(catalog_digest));
}

void ToMessageForCaller(const Explanation& explanation, v1::Explanation& message) {
  SetAnswer(explanation.decision, message);
  v1::Term* last = nullptr;
  for (const Term& term : explanation.terms) {
    const bool failed = last != nullptr && last->verdict() == v1::VERDICT_FAILS;
    if (failed && term.name != last->name()) return;
    const v1::Verdict verdict = VerdictForCaller(term.verdict);
    if (last == nullptr || term.name != last->name()) {
      last = message.add_terms();
      last->set_name(std::string(term.name));
      last->set_verdict(verdict);
    } else if (Weight(verdict) > Weight(last->verdict())) {
      last->set_verdict(verdict);
    }
  }
}

}  // namespace behalf
