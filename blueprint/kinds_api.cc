#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "blueprint/kinds.h"
#include "blueprint/values.h"
#include "blueprint/well_known.h"

namespace behalf::loader {
namespace {

std::vector<std::string> WellKnownNames() {
  std::vector<std::string> names;
  for (const WellKnownApi& api : WellKnownApis()) names.push_back(api.name);
  return names;
}

// Its values stand in the document by now; the name itself means nothing more.
Type<std::string> WellKnownName() {
  const std::vector<std::string> names = WellKnownNames();
  Type<std::string> type = Word(names);
  type.info.what = "the name of a well-known API";
  type.info.example = "graph";
  type.read = [info = type.info, names](const Node& node, std::string& out, Binder& binder) {
    const auto text = ReadText(node, info, binder);
    if (!text) return;
    if (Contains(names, *text)) return void(out = *text);
    const std::string* nearest = Nearest(*text, names);
    binder.Error(node, absl::StrCat("there is no well-known API ", Quote(*text)),
                 absl::StrCat(nearest == nullptr ? "" : "did you mean " + Quote(*nearest) + "? ",
                              "known: ", absl::StrJoin(names, ", ")));
  };
  type.write = [](const std::string&, Canon&) {};
  return type;
}

Type<Sureness> SurenessWord() {
  return OneOf<Sureness>({{"documented", Sureness::kDocumented},
                          {"observed", Sureness::kObserved},
                          {"unconfirmed", Sureness::kUnconfirmed}});
}

Type<TokenVersion> Version() {
  return OneOf<TokenVersion>({{"v1", TokenVersion::k1}, {"v2", TokenVersion::k2}});
}

const Mapping<Evidence>& EvidenceMapping() {
  static const auto& mapping =
      (new Mapping<Evidence>("evidence", "How sure an Api is of what it says."))
          ->Optional("asOf", &Evidence::as_of, Date("2026-11-22"), "When this was last looked at.")
          .Optional("resource", &Evidence::resource, SurenessWord(),
                    "How sure `resource` is: `documented` by who offers the API, `observed` in "
                    "tokens, replies or what others published, or `unconfirmed`.")
          .Optional("audiences", &Evidence::audiences, SurenessWord(), "The same of `audiences`.")
          .Optional("tokenVersion", &Evidence::token_version, SurenessWord(),
                    "The same of `tokenVersion`.")
          .Optional("scopes", &Evidence::scopes, SurenessWord(), "The same of `scopes`.")
          .Optional("roles", &Evidence::roles, SurenessWord(), "The same of `roles`.")
          .Optional("blockedForAgents", &Evidence::blocked_for_agents, SurenessWord(),
                    "The same of `blockedForAgents`.");
  return mapping;
}

}  // namespace

const Mapping<Api>& ApiMapping() {
  static const auto& mapping =
      (new Mapping<Api>("Api", "A downstream resource, and what it exposes."))
          ->Optional("wellKnown", &Api::well_known, WellKnownName(),
                     "An API that behalf knows: what this document does not say is then taken from "
                     "the one that comes with behalf, see `behalf api list`.")
          .Required("resource", &Api::resource, Resource(),
                    "The API's identifier at the provider. Scopes are asked for below it.")
          .OrLeftTo("wellKnown")
          .Required("audiences", &Api::audiences, SetOf(Audience("https://graph.microsoft.com")),
                    "What `aud` of a token for this API may be. Entra writes the identifier or "
                    "the client id, by the version of the token.")
          .OrLeftTo("wellKnown")
          .Optional("tokenVersion", &Api::token_version, Version(),
                    "The version of the tokens made for the API: at Entra "
                    "`requestedAccessTokenVersion` of its app registration, where `null` is `v1`. "
                    "A token of the other version, which has another issuer, is refused. When "
                    "absent: either is accepted.")
          .OrLeftTo("wellKnown")
          .Required("scopes", &Api::scopes, SetOf(ScopeName("Mail.Read"), true),
                    "The delegated scopes it exposes, without the resource in front. A blueprint "
                    "can allow these and no others. `[]`: it offers none, and is reached with "
                    "application access only.")
          .OrLeftTo("wellKnown")
          .Optional("roles", &Api::roles, SetOf(ScopeName("Mail.Read.All"), true),
                    "The app roles it exposes to applications. Application access can be allowed "
                    "these and no others. When absent: none; an API that asks for none may still "
                    "know the agent by its id.")
          .OrLeftTo("wellKnown")
          .Optional("blockedForAgents", &Api::blocked_for_agents,
                    SetOf(ScopeName("User.ReadWrite.All"), true),
                    "Scopes and roles that the provider grants to no agent identity, whoever "
                    "consents. No blueprint with agent identities can allow them.")
          .OrLeftTo("wellKnown")
          .Optional("request", &Api::request,
                    OneOf<ScopeRequest>(
                        {{"named", ScopeRequest::kNamed}, {"default", ScopeRequest::kDefault}}),
                    Default{"named"},
                    "How scopes are asked for: `named` one by one, `default` as "
                    "`{resource}/.default`, which is all that was consented to. Either way the "
                    "reply is held to the scopes allowed.")
          .OrLeftTo("wellKnown")
          .Optional("evidence", &Api::evidence, Struct(EvidenceMapping()),
                    "How sure this document is of what it says. It changes no decision. Of a "
                    "well-known API only what is said of inherited keys counts.")
          .OrLeftTo("wellKnown");
  return mapping;
}

}  // namespace behalf::loader
