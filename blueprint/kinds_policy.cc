#include "blueprint/kinds.h"
#include "blueprint/values.h"

namespace behalf::loader {
namespace {

const Mapping<SignInRequirement>& SignInMapping() {
  static const auto& mapping =
      (new Mapping<SignInRequirement>("signIn",
                                      "A sign-in that the user's token must show. "
                                      "Otherwise the answer is a challenge that the "
                                      "client can act on."))
          ->Optional("within", &SignInRequirement::within, Maybe(Age("15m")),
                     "The user signed in at most so long ago.")
          .Optional("authContext", &SignInRequirement::auth_context, AuthContext(),
                    "The token satisfies this authentication context.")
          .AtLeastOne({"within", "authContext"});
  return mapping;
}

const Mapping<Effect>& EffectMapping() {
  static const auto& mapping =
      (new Mapping<Effect>("effect", "What the rule does where it applies."))
          ->Optional("deny", &Effect::deny, Marker(), "Nothing is handed out.")
          .Optional("warn", &Effect::warn, Marker(),
                    "The record says that the rule applied; by itself it changes nothing.")
          .Optional("onlyScopes", &Effect::only_scopes, SetOf(ScopeName("Mail.Read")),
                    "No other scopes than these.")
          .Optional("withoutScopes", &Effect::without_scopes, SetOf(ScopeName("Mail.Send")),
                    "Not these scopes.")
          .Optional("maxLifetime", &Effect::max_lifetime, Maybe(Positive("10m")),
                    "A token that lives longer is refused. Cannot lengthen what an allowance says.")
          .Optional("reuseFor", &Effect::reuse_for, Maybe(PositiveOrZero("0s")),
                    "How long the same token is handed out again at most.")
          .Optional("signIn", &Effect::sign_in, Maybe(Struct(SignInMapping())),
                    "What the user's sign-in must be like.")
          .AtLeastOne(
              {"deny", "warn", "onlyScopes", "withoutScopes", "maxLifetime", "reuseFor", "signIn"});
  return mapping;
}

const Mapping<Rule>& RuleMapping() {
  static const auto& mapping =
      (new Mapping<Rule>("rule", "A restriction, and where it applies."))
          ->Required("name", &Rule::name, Name("outside-office-hours"),
                     "What records and explanations call it; no other rule of the policy has it.")
          .Optional("because", &Rule::because, Claim("Mail is read in office hours only."),
                    "The reason, for operators.")
          .Optional("when", &Rule::when, Maybe(Struct(ConditionMapping())),
                    "The rule applies unless it is known that this does not hold. When absent, "
                    "always.")
          .Optional("unless", &Rule::unless, Maybe(Struct(ConditionMapping())),
                    "The rule does not apply where it is known that all of this holds.")
          .Required("then", &Rule::then, Struct(EffectMapping()), "What the rule does.");
  return mapping;
}

}  // namespace

const Mapping<Policy>& PolicyMapping() {
  static const auto& mapping =
      (new Mapping<Policy>("Policy",
                           "Rules that restrict what blueprints allow. They apply to all of them, "
                           "in any order; no rule allows anything."))
          ->Required("rules", &Policy::rules, ListOf(Struct(RuleMapping())), "The rules.");
  return mapping;
}

}  // namespace behalf::loader
