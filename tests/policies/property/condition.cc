#include "tests/policies/property/condition.h"

#include <algorithm>

#include "tests/policies/property/civil_time.h"
#include "tests/policies/property/naive.h"

namespace behalf::model {
namespace {

Truth Of(bool holds) { return holds ? Truth::kTrue : Truth::kFalse; }

Truth OfMatch(const Match& match, const std::optional<std::set<std::string>>& facts) {
  if (!facts) return Truth::kUnknown;
  bool one = match.any.empty();
  for (const std::string& text : match.any) one = one || facts->count(text) > 0;
  bool rest = true;
  for (const std::string& text : match.all) rest = rest && facts->count(text) > 0;
  for (const std::string& text : match.none) rest = rest && facts->count(text) == 0;
  return Of(one && rest);
}

// A name that the host does not know may be anybody's.
Truth OneMatches(const std::vector<Selector>& selectors, const Process& process) {
  Truth strongest = Truth::kFalse;
  for (const Selector& selector : selectors) {
    if (Matches(selector, process)) return Truth::kTrue;
    const bool may_match = selector.by_unknown_name && selector.socket == process.socket;
    if (may_match) strongest = Truth::kUnknown;
  }
  return strongest;
}

Truth NoneMatches(const std::vector<Selector>& selectors, const Process& process) {
  const Truth one = OneMatches(selectors, process);
  return one == Truth::kUnknown ? one : Of(one == Truth::kFalse);
}

bool IsWithin(const Window& window, Seconds now) {
  const LocalTime local = LocalTimeOf(now, window.zone);
  const auto has_day = [&](int day) { return window.days.empty() || window.days.count(day) > 0; };
  if (window.from < window.to) {
    return has_day(local.weekday) && window.from <= local.minute && local.minute < window.to;
  }
  if (local.minute >= window.from) return has_day(local.weekday);
  return local.minute < window.to && has_day((local.weekday + 6) % 7);
}

class Conjunction {
 public:
  explicit Conjunction(Coverage& coverage) : coverage_(coverage) {}

  void And(const std::string& part, Truth truth) {
    constexpr const char* kNames[] = {": false", ": unknown", ": true"};
    coverage_.Count("condition " + part + kNames[static_cast<int>(truth)]);
    weakest_ = std::min(weakest_, truth);
  }
  Truth weakest() const { return weakest_; }

 private:
  Coverage& coverage_;
  Truth weakest_ = Truth::kTrue;
};

}  // namespace

bool IsRecent(Seconds at, Seconds within, Seconds now) {
  return at <= now + 60 && now - at <= within;
}

Truth Holds(const Condition& condition, const Known& known, Coverage& coverage) {
  Conjunction all(coverage);
  const Request& request = *known.request;
  for (const auto& [key, match] : condition.matches) {
    all.And(key, OfMatch(match, known.sets.at(key)));
  }
  if (condition.caller) {
    const auto& [any, none] = *condition.caller;
    const Truth one = any.empty() ? Truth::kTrue : OneMatches(any, request.caller);
    all.And("caller", std::min(one, NoneMatches(none, request.caller)));
  }
  if (condition.guest) {
    const Truth truth = Of(*condition.guest == request.user.guest);
    all.And("guest", request.application ? Truth::kUnknown : truth);
  }
  if (condition.signed_in_within) {
    const auto at = request.user.signed_in_at;
    all.And("signedInWithin",
            at ? Of(IsRecent(*at, *condition.signed_in_within, request.now)) : Truth::kUnknown);
  }
  if (condition.time) all.And("time", Of(IsWithin(*condition.time, request.now)));
  return all.weakest();
}

}  // namespace behalf::model
