#include "absl/strings/str_cat.h"
#include "blueprint/kinds.h"
#include "blueprint/values.h"

namespace behalf::loader {
namespace {

const Mapping<SubjectRules>& SubjectsMapping() {
  static const auto& mapping =
      (new Mapping<SubjectRules>("subjects", "Whose tokens the blueprint accepts."))
          ->Required("audiences", &SubjectRules::audiences,
                     SetOf(Audience("api://8f6c0b2e-0c6c-4f0e-9a51-0f8f5b8a2f11")),
                     "What `aud` of a user's token must be: the blueprint's identifier or client "
                     "id.")
          .Required("tenants", &SubjectRules::tenants, SetOf(Guid()),
                    "The users' tenants. Agent identities work only inside the provider's.")
          .Required("clients", &SubjectRules::clients, SetOf(Guid()),
                    "The applications that may have obtained the user's token.")
          .Required("scopes", &SubjectRules::scopes, SetOf(ScopeName("access_agent")),
                    "The user's token must carry one of these scopes at least.")
          .Optional("guests", &SubjectRules::guests, Flag(), Default{"false"},
                    "Whether guests of the tenant are served too.");
  return mapping;
}

const Mapping<Agent>& AgentMapping() {
  static const auto& mapping =
      (new Mapping<Agent>("agent", "One agent of the blueprint."))
          ->Required("name", &Agent::name, Name("invoice-bot"),
                     "The agent's name; no other agent in the whole set has it.")
          .Optional("id", &Agent::id, Guid(), "The agent identity's id at the provider.")
          .Optional("application", &Agent::is_application, Marker(),
                    "The agent has no identity of its own and acts as the blueprint's application: "
                    "any app registration, in Entra's classic flows. All agents of a blueprint do, "
                    "or none.")
          .ExactlyOne({"id", "application"})
          .Required("callers", &Agent::callers, ListOf(Struct(CallerMapping())),
                    "The agent's processes: any of these.")
          .Optional("labels", &Agent::labels, Labels(), "What policies know the agent by.")
          .OrLeftTo("defaults");
  return mapping;
}

// What is inherited is bound where it is inherited; see defaults.h.
struct Defaults {
  absl::Duration max_lifetime;
  absl::Duration reuse_for;
  std::vector<std::string> accept;
  std::vector<std::string> labels;
};

const Mapping<Defaults>& DefaultsMapping() {
  static const auto& mapping =
      (new Mapping<Defaults>("defaults", "What allowances and agents leave unsaid."))
          ->Optional("maxLifetime", &Defaults::max_lifetime, Positive("90m"),
                     "For allowances without it.")
          .Optional("reuseFor", &Defaults::reuse_for, PositiveOrZero("10m"),
                    "For allowances without it.")
          .Optional("accept", &Defaults::accept, SetOf(ScopeName("User.Read"), true),
                    "For allowances without it, as a whole.")
          .Optional("labels", &Defaults::labels, Labels(),
                    "For all agents; an agent's own label counts where both have the key.")
          .AtLeastOne({"maxLifetime", "reuseFor", "accept", "labels"});
  return mapping;
}

// Reads for the errors alone, and means nothing by itself.
Type<Blueprint> DefaultsType() {
  const Type<Defaults> type = Struct(DefaultsMapping());
  return {type.info,
          [type](const Node& node, Blueprint&, Binder& binder) {
            Defaults unused;
            type.read(node, unused, binder);
          },
          [](const Blueprint&, Canon&) {}};
}

void CheckLifetimes(const Node& node, Allowance& allowance, Binder& binder) {
  const Mark* max = binder.FindMark(&allowance.max_lifetime);
  const Mark* reuse = binder.FindMark(&allowance.reuse_for);
  const bool both =
      max != nullptr && reuse != nullptr && allowance.max_lifetime > absl::ZeroDuration();
  if (!both || allowance.reuse_for <= allowance.max_lifetime) return;
  if (reuse->node->inherited && !max->node->inherited) {
    binder.Error(*max->node,
                 absl::StrCat("`maxLifetime` is shorter than the `reuseFor` of the blueprint's "
                              "defaults, ",
                              reuse->node->text),
                 absl::StrCat("no token lives that long: write `reuseFor` here too, at most ",
                              max->node->text));
    return;
  }
  binder.Error(*FindValue(node, "reuseFor"), "`reuseFor` is longer than `maxLifetime`",
               absl::StrCat("no token lives that long: write at most ", max->node->text));
}

// What goes with which access. Nothing falls back from one to the other, and
// what is meant by the rest cannot be told.
void CheckAccess(const Node& node, Allowance& allowance, Binder& binder) {
  const bool application = allowance.access == Access::kApplication;
  const Node* misplaced = FindValue(node, application ? "scopes" : "roles");
  if (misplaced == nullptr) return;
  binder.Error(*misplaced,
               application ? "`scopes` are of delegated access, and this is `access: application`"
                           : "`roles` are of application access, and this is `access: delegated`",
               application ? "an application cannot ask for single permissions: write the app "
                             "roles that it was granted as `roles`, or `[]`"
                           : "write `scopes`, or `access: application` if no user takes part");
  allowance.scopes.clear();
  allowance.accept.clear();
}

void CheckAllowance(const Node& node, Allowance& allowance, Binder& binder) {
  CheckLifetimes(node, allowance, binder);
  CheckAccess(node, allowance, binder);
}

const Mapping<Allowance>& AllowanceMapping() {
  static const auto& mapping =
      (new Mapping<Allowance>("allowance",
                              "What the blueprint's agents may reach. No two allowances are for "
                              "the same tool, API and access."))
          ->Optional("tool", &Allowance::tool, ReferenceTo<Tool>("Tool", "mail-search"),
                     "The tool that gets the token, by a handle. When absent, the agent itself "
                     "gets it.")
          .Required("api", &Allowance::api, ReferenceTo<Api>("Api", "graph"),
                    "The API that is reached.")
          .Optional("access", &Allowance::access,
                    OneOf<Access>(
                        {{"delegated", Access::kDelegated}, {"application", Access::kApplication}}),
                    Default{"delegated"},
                    "How the API is reached: `delegated`, as the user, or `application`, as the "
                    "agent itself, without a user.")
          .Optional("scopes", &Allowance::scopes, SetOf(ScopeName("Mail.Read")),
                    "For delegated access: what is asked for, and the ceiling of what may be asked "
                    "for.")
          .Optional("roles", &Allowance::scopes, SetOf(ScopeName("Mail.Read.All"), true),
                    "For application access: the app roles that a token must carry. They cannot be "
                    "asked for one by one: all that were granted come.")
          .ExactlyOne({"scopes", "roles"})
          .Optional("accept", &Allowance::accept, SetOf(ScopeName("User.Read"), true),
                    "Scopes, or roles, that a reply may carry besides: Entra returns all that was "
                    "consented to.")
          .OrLeftTo("defaults")
          .Required("maxLifetime", &Allowance::max_lifetime, Positive("90m"),
                    "A token that lives longer is refused.")
          .OrLeftTo("defaults")
          .Optional("reuseFor", &Allowance::reuse_for, PositiveOrZero("10m"), Default{"0s"},
                    "How long the same token is handed out before the provider is asked again.")
          .OrLeftTo("defaults")
          .Finally(CheckAllowance);
  return mapping;
}

// Who has no identity of its own acts under the blueprint's.
void NameApplications(const Node&, Blueprint& blueprint, Binder&) {
  for (Agent& agent : blueprint.agents) {
    if (agent.is_application) agent.id = blueprint.client_id;
  }
}

}  // namespace

const Mapping<Blueprint>& BlueprintMapping() {
  static const auto& mapping =
      (new Mapping<Blueprint>("Blueprint",
                              "A template identity: its credential, its agents, whose users it "
                              "serves and what it allows."))
          ->Required("provider", &Blueprint::provider, ReferenceTo<Provider>("Provider", "contoso"),
                     "The identity provider.")
          .Required("clientId", &Blueprint::client_id, Guid(),
                    "The client id of the agent identity blueprint, or of the app registration.")
          .Required("credential", &Blueprint::credential, Struct(CredentialMapping()),
                    "How the blueprint proves itself to the provider.")
          .Optional("subjects", &Blueprint::subjects, Struct(SubjectsMapping()),
                    "Whose tokens the blueprint accepts. Required unless all its allowances have "
                    "`access: application`.")
          .Optional("defaults", Self{}, DefaultsType(),
                    "What its allowances and agents have that do not say otherwise.")
          .Optional("agents", &Blueprint::agents, ListOf(Struct(AgentMapping())),
                    "Who acts under the blueprint.")
          .Optional("allow", &Blueprint::allow, ListOf(Struct(AllowanceMapping())),
                    "What these agents may reach; nothing else.")
          .Finally(NameApplications);
  return mapping;
}

}  // namespace behalf::loader
