#include "policies/condition.h"

#include <algorithm>

namespace behalf {
namespace {

// Clocks of the provider and of this host may differ by so much.
constexpr absl::Duration kClockSkew = absl::Seconds(60);

Truth Of(bool holds) { return holds ? Truth::kTrue : Truth::kFalse; }

bool Fits(const Match& match, std::span<const std::string> facts) {
  const auto held = [&](const std::string& value) {
    return std::ranges::binary_search(facts, value);
  };
  return (match.any.empty() || std::ranges::any_of(match.any, held)) &&
         std::ranges::all_of(match.all, held) && std::ranges::none_of(match.none, held);
}

Truth List(const Match& match, const OptionalList& facts) {
  if (match.states_nothing()) return Truth::kTrue;
  return facts ? Of(Fits(match, *facts)) : Truth::kUnknown;
}

Truth One(const Match& match, const std::optional<std::string_view>& fact) {
  if (match.states_nothing()) return Truth::kTrue;
  if (!fact) return Truth::kUnknown;
  const std::string value(*fact);
  return Of(Fits(match, std::span(&value, 1)));
}

bool IsKnown(const UnixSelector& selector) {
  return (selector.user.empty() || selector.uid) && (selector.group.empty() || selector.gid);
}

// A selector whose account this host does not know may be anybody's.
Truth Selects(const UnixSelector& selector, const UnixPeer& peer) {
  if (selector.socket != peer.socket) return Truth::kFalse;
  return IsKnown(selector) ? Of(AccountMatches(selector, peer)) : Truth::kUnknown;
}

Truth SelectsAny(const std::vector<UnixSelector>& selectors, const UnixPeer& peer) {
  Truth strongest = Truth::kFalse;
  for (const UnixSelector& selector : selectors) {
    strongest = std::max(strongest, Selects(selector, peer));
  }
  return strongest;
}

Truth Not(Truth truth) {
  return static_cast<Truth>(static_cast<int>(Truth::kTrue) - static_cast<int>(truth));
}

Truth CallerFits(const CallerMatch& match, const UnixPeer& peer) {
  Truth truth = Truth::kTrue;
  if (!match.any.empty()) truth = std::min(truth, SelectsAny(match.any, peer));
  if (!match.none.empty()) truth = std::min(truth, Not(SelectsAny(match.none, peer)));
  return truth;
}

// A sign-in in the future is no sign-in.
bool WasWithin(absl::Time signed_in_at, absl::Duration within, absl::Time now) {
  return signed_in_at <= now + kClockSkew && now - signed_in_at <= within;
}

Truth SignedInWithin(const std::optional<absl::Duration>& within, const Facts& facts) {
  if (!within) return Truth::kTrue;
  if (!facts.user.signed_in_at) return Truth::kUnknown;
  return Of(WasWithin(*facts.user.signed_in_at, *within, facts.now));
}

bool Contains(const TimeWindow& window, absl::Time now) {
  const absl::CivilMinute local = absl::ToCivilMinute(now, window.resolved);
  const int minute = static_cast<int>(local - absl::CivilMinute(absl::CivilDay(local)));
  const int today = static_cast<int>(absl::GetWeekday(absl::CivilDay(local)));  // Monday first
  const auto begins = [&](int day) { return window.days[static_cast<std::size_t>(day)]; };
  if (window.from < window.to) return begins(today) && window.from <= minute && minute < window.to;
  const bool since_today = begins(today) && window.from <= minute;
  return since_today || (begins((today + 6) % 7) && minute < window.to);
}

Truth InTime(const std::optional<TimeWindow>& window, absl::Time now) {
  return window ? Of(Contains(*window, now)) : Truth::kTrue;
}

// With application access there is no user, so that nothing of one is known.
Truth GuestFits(const std::optional<bool>& guest, const Facts& facts) {
  if (!guest) return Truth::kTrue;
  if (facts.access == Access::kApplication) return Truth::kUnknown;
  return Of(*guest == facts.user.guest);
}

Truth TenantFits(const Match& match, const Facts& facts) {
  if (facts.access == Access::kApplication) return One(match, std::nullopt);
  return One(match, facts.user.tenant);
}

}  // namespace

Truth Holds(const Condition& condition, const Facts& facts, std::span<const std::string> scopes) {
  const UserFacts& user = facts.user;
  return std::min({
      CallerFits(condition.caller, facts.caller),
      TenantFits(condition.tenant, facts),
      List(condition.groups, user.groups),
      List(condition.roles, user.roles),
      One(condition.acr, user.acr),
      List(condition.amr, user.amr),
      List(condition.auth_contexts, user.auth_contexts),
      GuestFits(condition.guest, facts),
      SignedInWithin(condition.signed_in_within, facts),
      List(condition.scopes, scopes),
      InTime(condition.time, facts.now),
      One(condition.purpose, facts.declared.purpose),
      One(condition.tool_name, facts.declared.tool_name),
      One(condition.arguments_digest, facts.declared.arguments_digest),
  });
}

bool Applies(const RuleInForce& in_force, const Facts& facts, std::span<const std::string> scopes) {
  const Rule& rule = *in_force.rule;
  if (rule.when && Holds(*rule.when, facts, scopes) == Truth::kFalse) return false;
  return !in_force.may_be_exempt || Holds(*rule.unless, facts, scopes) != Truth::kTrue;
}

bool ShowsSignIn(const SignInRequirement& required, const Facts& facts) {
  const Match context = {.any = {required.auth_context}, .all = {}, .none = {}};
  const bool stepped_up =
      required.auth_context.empty() || List(context, facts.user.auth_contexts) == Truth::kTrue;
  return stepped_up && SignedInWithin(required.within, facts) == Truth::kTrue;
}

}  // namespace behalf
