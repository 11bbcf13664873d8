// What a rule of a policy looks at: `when` and `unless`.
#include "absl/strings/str_cat.h"
#include "blueprint/kinds.h"
#include "blueprint/values.h"
#include "blueprint/zones.h"

namespace behalf::loader {
namespace {

// A fact of one value.
Type<Match> One(const Type<std::string>& item) {
  const auto& mapping = (new Mapping<Match>("match", "What a fact is held against."))
                            ->Optional("any", &Match::any, SetOf(item), "It is one of these.")
                            .Optional("none", &Match::none, SetOf(item), "It is none of these.")
                            .AtLeastOne({"any", "none"})
                            .Brief();
  Type<Match> type = Struct(mapping);
  type.info.what = absl::StrCat("`any` or `none`, each a list, each item ", item.info.what);
  return type;
}

// A fact of several values.
Type<Match> Several(const Type<std::string>& item) {
  const auto& mapping = (new Mapping<Match>("match", "What a fact is held against."))
                            ->Optional("any", &Match::any, SetOf(item), "One of these at least.")
                            .Optional("all", &Match::all, SetOf(item), "Every one of these.")
                            .Optional("none", &Match::none, SetOf(item), "Not one of these.")
                            .AtLeastOne({"any", "all", "none"})
                            .Brief();
  Type<Match> type = Struct(mapping);
  type.info.what = absl::StrCat("`any`, `all` or `none`, each a list, each item ", item.info.what);
  return type;
}

Type<CallerMatch> Callers() {
  static const auto& mapping =
      (new Mapping<CallerMatch>("caller match", "Which processes are meant."))
          ->Optional("any", &CallerMatch::any, ListOf(Struct(CallerMapping())),
                     "One of these matches at least.")
          .Optional("none", &CallerMatch::none, ListOf(Struct(CallerMapping())),
                    "Not one of these matches.")
          .AtLeastOne({"any", "none"})
          .Brief();
  Type<CallerMatch> type = Struct(mapping);
  type.info.what = "`any` or `none`, each a list of selectors as under an agent's `callers`";
  return type;
}

void CheckSpan(const Node& node, TimeWindow& window, Binder& binder) {
  if (const auto zone = FindZone(window.zone)) window.resolved = *zone;
  const Node* from = FindValue(node, "from");
  const Node* to = FindValue(node, "to");
  if (from == nullptr && to == nullptr) return;
  if (from == nullptr || to == nullptr) {
    binder.Error(node,
                 from == nullptr ? "`to` stands without `from`" : "`from` stands without `to`",
                 "write both, or leave both out for whole days");
  } else if (from->text == "24:00") {
    binder.Error(*from, "`from` cannot be the day's end", "write \"00:00\"");
  } else if (from->quoted && from->text == to->text) {
    binder.Error(*to, "`from` and `to` are the same", "leave both out for whole days");
  }
}

const Mapping<TimeWindow>& TimeMapping() {
  static const auto& mapping =
      (new Mapping<TimeWindow>("time", "Times of the week."))
          ->Required("zone", &TimeWindow::zone, ZoneName(), "Whose days and hours are meant.")
          .Optional("days", &TimeWindow::days, Days(), "Which days. When absent, all.")
          .Optional("from", &TimeWindow::from, TimeOfDay("\"08:00\""),
                    "When it begins. When absent, with the day.")
          .Optional("to", &TimeWindow::to, TimeOfDay("\"18:00\""),
                    "When it is over; the minute itself does not belong to it. Where it is not "
                    "after `from`, the span goes on past midnight and belongs to the day it began "
                    "on.")
          .Finally(CheckSpan);
  return mapping;
}

using ConditionKeys = Mapping<Condition>;

// What the documents say.
ConditionKeys& AddDocuments(ConditionKeys& keys) {
  return keys
      .Optional("agent", &Condition::agent, One(NameOf("agent", "invoice-bot")), "The agent.")
      .Optional("agentLabels", &Condition::agent_labels, Several(Label("team=finance")),
                "The agent's labels, those of its blueprint's `defaults` included.")
      .Optional("blueprint", &Condition::blueprint, One(NameOf("Blueprint", "invoice-assistant")),
                "The agent's blueprint.")
      .Optional("tool", &Condition::tool, One(NameOf("Tool", "mail-search")),
                "The tool that gets the token. The agent itself is none.")
      .Optional("toolLabels", &Condition::tool_labels, Several(Label("runs=elsewhere")),
                "The tool's labels.")
      .Optional("api", &Condition::api, One(NameOf("Api", "graph")), "The API.")
      .Optional("apiLabels", &Condition::api_labels, Several(Label("data=personal")),
                "The API's labels.")
      .Optional("access", &Condition::access, One(Word({"delegated", "application"})),
                "How the API is reached: as the user, or as the agent itself.")
      .Optional("scopeRequest", &Condition::scope_request, One(Word({"named", "default"})),
                "The Api's `request`: how scopes are asked for.");
}

// What the connection and the user's token say.
ConditionKeys& AddCallerAndUser(ConditionKeys& keys) {
  return keys
      .Optional("caller", &Condition::caller, Callers(),
                "The agent's process, at the redemption of a handle as well.")
      .Optional("tenant", &Condition::tenant, One(Guid()), "The user's tenant (`tid`).")
      .Optional("groups", &Condition::groups, Several(ClaimOrId("finance-approvers")),
                "The user's groups (`groups`).")
      .Optional("roles", &Condition::roles, Several(Claim("Invoices.Approver")),
                "The user's roles (`roles`).")
      .Optional("acr", &Condition::acr, One(Claim("\"1\"")),
                "How the user signed in, by class (`acr`).")
      .Optional("amr", &Condition::amr, Several(Claim("mfa")),
                "How the user signed in, by methods (`amr`).")
      .Optional("authContexts", &Condition::auth_contexts, Several(AuthContext()),
                "The authentication contexts that the user's token satisfies (`acrs`).")
      .Optional("guest", &Condition::guest, Maybe(Flag()), "Whether the user is a guest.")
      .Optional("signedInWithin", &Condition::signed_in_within, Maybe(Age("8h")),
                "The user signed in at most so long ago (`auth_time`).");
}

// What is asked for, and when.
ConditionKeys& AddRequest(ConditionKeys& keys) {
  return keys
      .Optional("scopes", &Condition::scopes, Several(ScopeName("Mail.Send")),
                "The scopes that the request would get if there were no policies.")
      .Optional("time", &Condition::time, Maybe(Struct(TimeMapping())), "When the request is made.")
      .Optional("purpose", &Condition::purpose, One(Claim("monthly-close")),
                "The purpose that the request declares.")
      .Optional("toolName", &Condition::tool_name, One(Claim("search_mail")),
                "What the request says the tool will run, by its name.")
      .Optional("argumentsDigest", &Condition::arguments_digest,
                One(Claim("47DEQpj8HBSa-_TImW-5JCeuQeRkm5NMpJWZG3hSuFU")),
                "What the request says the tool will run with, as a digest.");
}

void CheckStatesSomething(const Node& node, Condition&, Binder& binder) {
  if (node.entries.empty()) {
    binder.Error(node, binder.subject() + " states nothing", "leave it out");
  }
}

}  // namespace

const Mapping<Condition>& ConditionMapping() {
  static const auto& mapping =
      AddRequest(AddCallerAndUser(AddDocuments(*new ConditionKeys(
                     "condition",
                     "What must hold together. A fact that is absent is taken for what is "
                     "stricter."))))
          .Finally(CheckStatesSomething);
  return mapping;
}

}  // namespace behalf::loader
