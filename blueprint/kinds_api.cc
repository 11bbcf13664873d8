#include "blueprint/kinds.h"
#include "blueprint/values.h"

namespace behalf::loader {

const Mapping<Api>& ApiMapping() {
  static const auto& mapping =
      (new Mapping<Api>("Api", "A downstream resource, and what it exposes."))
          ->Required("resource", &Api::resource, Resource(),
                     "The API's identifier at the provider. Scopes are asked for below it.")
          .Required("audiences", &Api::audiences, SetOf(Audience("https://graph.microsoft.com")),
                    "What `aud` of a token for this API may be. Entra writes the identifier or "
                    "the client id, by the version of the token.")
          .Required("scopes", &Api::scopes, SetOf(ScopeName("Mail.Read"), true),
                    "The delegated scopes it exposes, without the resource in front. A blueprint "
                    "can allow these and no others. `[]`: it offers none, and is reached with "
                    "application access only.")
          .Optional("roles", &Api::roles, SetOf(ScopeName("Mail.Read.All"), true),
                    "The app roles it exposes to applications. Application access can be allowed "
                    "these and no others. When absent: none; an API that asks for none may still "
                    "know the agent by its id.")
          .Optional("blockedForAgents", &Api::blocked_for_agents,
                    SetOf(ScopeName("User.ReadWrite.All"), true),
                    "Scopes and roles that the provider grants to no agent identity, whoever "
                    "consents. No blueprint with agent identities can allow them.")
          .Optional("request", &Api::request,
                    OneOf<ScopeRequest>(
                        {{"named", ScopeRequest::kNamed}, {"default", ScopeRequest::kDefault}}),
                    Default{"named"},
                    "How scopes are asked for: `named` one by one, `default` as "
                    "`{resource}/.default`, which is all that was consented to. Either way the "
                    "reply is held to the scopes allowed.");
  return mapping;
}

}  // namespace behalf::loader
