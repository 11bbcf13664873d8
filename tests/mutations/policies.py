"""The evaluator of policies: one condition dropped at a time."""

from mutation import Mutation, rows, without

ADMIT = "policies/admit.cc"
CONDITION = "policies/condition.cc"
DECIDE = "policies/decide.cc"
IDENTIFY = "policies/identify.cc"
INDEX = "blueprint/rule_index.cc"
NARROW = "policies/narrow.cc"
SIGN_IN = "policies/sign_in.cc"

# The random requests are asked first; what is not about them is for the other.
BOTH = [("decision_properties_test", "DecisionProperties.*"), ("policies_test", "*")]
KILLERS = {file: BOTH for file in (ADMIT, CONDITION, DECIDE, IDENTIFY, INDEX, NARROW, SIGN_IN)}


def dropped(file, check, *parts):
    """Each of the texts in turn."""
    return [Mutation(file, f"{check}: {part.strip(' &|')}", part) for part in parts]


MUTATIONS = [
    *rows(ADMIT, r"^    \{(\w+), Reason::\w+\},\n", 5),
    Mutation(ADMIT, "guests where the blueprint says so", "rules.guests || "),

    # Decide
    without(DECIDE, "!facts.revoked.empty()", "nothing that is needed is revoked"),
    without(DECIDE, "facts.disabled", "the blueprint is not disabled"),
    Mutation(DECIDE, "the user is admitted",
             "const auto refused = RefuseWhoIsActedFor(blueprint, facts)",
             "const auto refused = std::optional<Reason>()"),
    Mutation(DECIDE, "nobody is acted for",
             "if (facts.access == Access::kApplication) return std::nullopt;"),
    Mutation(DECIDE, "the tool exists",
             'if (tool == nullptr) return DenyAllowance(facts, "there is no such tool");'),
    Mutation(DECIDE, "a handle is for whom no tool is named", "facts.tool.empty() && "),
    Mutation(DECIDE, "a handle is for this API", " && line.api == &api"),
    without(DECIDE, "!facts.scopes.empty()", "scopes that are asked for by name"),
    Mutation(DECIDE, "scopes are sorted", "std::ranges::sort(scopes);"),
    Mutation(DECIDE, "scopes are given once",
             "scopes.erase(repeated.begin(), repeated.end());"),
    Mutation(DECIDE, "the ceiling of the allowance",
             "if (outside != nullptr) return DenyScope(allowance, *outside);"),
    Mutation(DECIDE, "the ceiling of the handle",
             "outside = OutsideOf(facts.within, decision.scopes);", "outside = nullptr;"),
    without(DECIDE, "facts.within", "what a handle was made for is what it gives"),

    # Narrow
    Mutation(NARROW, "rules that do not apply", "if (Applies(rule, facts, decision.scopes)) "),
    Mutation(NARROW, "deny", "const RuleInForce* rule = WhatDenies(decision.applied)",
             "const RuleInForce* rule = static_cast<const RuleInForce*>(nullptr)"),
    Mutation(NARROW, "signIn", "auto unmet = FindUnmetSignIn(decision.applied, facts)",
             "auto unmet = std::optional<UnmetSignIn>()"),
    Mutation(NARROW, "nobody can sign in", "unmet && facts.access == Access::kApplication",
             "false"),
    Mutation(NARROW, "an application gives up no role",
             "if (facts.access == Access::kApplication) asked = decision.scopes;"),
    Mutation(NARROW, "withoutScopes", "if (Has(effect.without_scopes, scope)) return true;"),
    Mutation(NARROW, "onlyScopes",
             "return !effect.only_scopes.empty() && !Has(effect.only_scopes, scope);",
             "return false;"),
    Mutation(NARROW, "onlyScopes that is absent", "!effect.only_scopes.empty() && "),
    without(NARROW, "effect.max_lifetime", "maxLifetime"),
    Mutation(NARROW, "maxLifetime never lengthens",
             "std::min(decision.max_lifetime, *effect.max_lifetime)", "*effect.max_lifetime"),
    without(NARROW, "effect.reuse_for", "reuseFor"),
    Mutation(NARROW, "reuseFor never lengthens",
             "std::min(decision.reuse_for, *effect.reuse_for)", "*effect.reuse_for"),
    Mutation(NARROW, "reuse ends with the lifetime",
             "decision.reuse_for = std::min(decision.reuse_for, decision.max_lifetime);"),
    Mutation(NARROW, "the allowance's scopes are withheld",
             "&decision.allowance->scopes, &decision", "&decision"),
    Mutation(NARROW, "the accepted scopes are withheld", ", &decision.allowance->accept"),
    Mutation(NARROW, "withheld scopes are sorted", "std::ranges::sort(withheld);"),
    Mutation(NARROW, "withheld scopes are told once",
             "withheld.erase(repeated.begin(), repeated.end());"),
    Mutation(NARROW, "what is asked for by name is not left out",
             "missed = AskedButWithheld(decision, facts)", "missed = nullptr"),
    without(NARROW, "missed == nullptr && nothing_left", "something is left"),
    Mutation(NARROW, "withheld scopes are not given",
             "return Has(decision.withheld, scope); });\n  Shorten", "return false; });\n  Shorten"),

    Mutation(CONDITION, "nobody is no guest",
             "if (facts.access == Access::kApplication) return Truth::kUnknown;"),
    Mutation(CONDITION, "nobody's tenant is not known",
             "if (facts.access == Access::kApplication) return One(match, std::nullopt);"),

    # Holds: every fact; and what is made of one
    *rows(CONDITION, r"^      \w+\(condition\.(\w+), .*\),\n", 14),
    Mutation(CONDITION, "any", "(match.any.empty() || std::ranges::any_of(match.any, held)) &&"),
    Mutation(CONDITION, "all", "std::ranges::all_of(match.all, held) && "),
    Mutation(CONDITION, "none", " && std::ranges::none_of(match.none, held)"),
    Mutation(CONDITION, "a list that is absent does not fail", "*facts)) : Truth::kUnknown",
             "*facts)) : Truth::kFalse"),
    Mutation(CONDITION, "a list that is absent does not hold", "*facts)) : Truth::kUnknown",
             "*facts)) : Truth::kTrue"),
    Mutation(CONDITION, "a text that is absent does not fail",
             "if (!fact) return Truth::kUnknown", "if (!fact) return Truth::kFalse"),
    Mutation(CONDITION, "a text that is absent does not hold",
             "if (!fact) return Truth::kUnknown", "if (!fact) return Truth::kTrue"),
    Mutation(CONDITION, "a sign-in that is absent does not fail",
             "signed_in_at) return Truth::kUnknown", "signed_in_at) return Truth::kFalse"),
    Mutation(CONDITION, "a sign-in that is absent does not hold",
             "signed_in_at) return Truth::kUnknown", "signed_in_at) return Truth::kTrue"),
    Mutation(CONDITION, "a sign-in is not of the future", "signed_in_at <= now + kClockSkew && "),
    Mutation(CONDITION, "clocks may differ", "now + kClockSkew", "now"),
    Mutation(CONDITION, "a sign-in is young enough", " && now - signed_in_at <= within"),
    Mutation(CONDITION, "a caller's socket",
             "if (selector.socket != peer.socket) return Truth::kFalse;"),
    Mutation(CONDITION, "an account that nobody knows", "IsKnown(selector) ? ", "true ? "),
    without(CONDITION, "!match.any.empty()", "any caller"),
    without(CONDITION, "!match.none.empty()", "no caller"),
    *[Mutation(CONDITION, f"a time window: {part}",
               "return begins(today) && window.from <= minute && minute < window.to;",
               "return " + " && ".join(p for p in ("begins(today)", "window.from <= minute",
                                                   "minute < window.to") if p != part) + ";")
      for part in ("begins(today)", "window.from <= minute", "minute < window.to")],
    Mutation(CONDITION, "a span past midnight: its day", "begins(today) && window.from <= minute;",
             "window.from <= minute;"),
    Mutation(CONDITION, "a span past midnight: its begin", "begins(today) && window.from <= minute;",
             "begins(today);"),
    Mutation(CONDITION, "a span past midnight: the day before", "(today + 6) % 7", "today"),
    Mutation(CONDITION, "a span past midnight: its end", " && minute < window.to);", ");"),
    Mutation(CONDITION, "when",
             "if (rule.when && Holds(*rule.when, facts, scopes) == Truth::kFalse) return false;"),
    Mutation(CONDITION, "unless", "Holds(*rule.unless, facts, scopes) != Truth::kTrue", "true"),
    Mutation(CONDITION, "unless, known to hold",
             "Holds(*rule.unless, facts, scopes) != Truth::kTrue",
             "Holds(*rule.unless, facts, scopes) == Truth::kFalse"),
    Mutation(CONDITION, "an exemption by documents", "!in_force.may_be_exempt || ",
             "!rule.unless || "),
    Mutation(CONDITION, "a sign-in shows the context", "stepped_up && "),
    Mutation(CONDITION, "a sign-in shows its age",
             " && SignedInWithin(required.within, facts) == Truth::kTrue"),
    Mutation(CONDITION, "a sign-in without a context", "required.auth_context.empty() || "),

    # FindUnmetSignIn
    Mutation(SIGN_IN, "only what is not shown is asked for",
             "if (first == nullptr && !ShowsSignIn(*required, facts))", "if (first == nullptr)"),
    Mutation(SIGN_IN, "only contexts that are missing", "if (ShowsSignIn(context, facts)) return;"),
    Mutation(SIGN_IN, "the youngest sign-in",
             "std::min(wanted.within.value_or(absl::InfiniteDuration()), *required.within)",
             "*required.within"),
    Mutation(SIGN_IN, "the first context",
             "? std::min(*wanted.auth_context, required.auth_context)",
             "? required.auth_context"),
    without(SIGN_IN, "required.within", "the age in the challenge"),
    Mutation(SIGN_IN, "nothing is unmet", "if (first == nullptr) return std::nullopt;",
             "if (first == nullptr) first = applied.empty() ? nullptr : &applied.front();\n"
             "  if (first == nullptr) return std::nullopt;"),

    # ChooseAgent, RefuseTool, NotSeparated
    Mutation(IDENTIFY, "no agent's process", "if (own.empty()) return RefuseNonAgent(catalog, peer);"),
    Mutation(IDENTIFY, "several agents and no name", "own.size() == 1", "true"),
    Mutation(IDENTIFY, "the agent that is named",
             "std::ranges::find(own, name, &Agent::name)", "own.begin()"),
    without(IDENTIFY, "!catalog.ToolsOf(peer).empty()", "known as a tool"),
    without(IDENTIFY, "catalog.IsAdmin(peer)", "known as an admin"),
    Mutation(IDENTIFY, "the tool that is asked for",
             "std::ranges::find(own, tool.name, &Tool::name) != own.end()", "!own.empty()"),
    Mutation(IDENTIFY, "another tool", "if (!own.empty()) return Reason::kHandleWrongTool;"),
    Mutation(IDENTIFY, "an agent that is no tool", "!catalog.AgentsOf(peer).empty() || "),
    Mutation(IDENTIFY, "an admin that is no tool", " || catalog.IsAdmin(peer);", ";"),
    without(IDENTIFY, "tool.separation == Separation::kNone", "a tool without separation"),
    Mutation(IDENTIFY, "separation", "return catalog.CouldBe(agent, redeemer);", "return false;"),

    # What the documents say of a rule
    *dropped(INDEX, "agent", "FitsOne(condition.agent, agent.name) && ",
             "FitsSet(condition.agent_labels, agent.labels) &&",
             " &&\n         FitsOne(condition.blueprint, agent.blueprint->name)"),
    Mutation(INDEX, "no tool, by name", "FitsNothing(condition.tool) && "),
    Mutation(INDEX, "no tool, by labels", " && FitsNothing(condition.tool_labels)"),
    *dropped(INDEX, "tool", "FitsOne(condition.tool, tool->name) && ",
             " && FitsSet(condition.tool_labels, tool->labels)"),
    *dropped(INDEX, "API", "FitsOne(condition.api, api->name) && ",
             "FitsSet(condition.api_labels, api->labels) &&",
             " &&\n         FitsOne(condition.scope_request, RequestName(api->request))"),
    *dropped(INDEX, "access", " &&\n         FitsOne(condition.access, std::string(NameOf(access)))"),
    *dropped(INDEX, "target", "FitsTool(condition, tool) && ", "FitsApi(condition, api) &&"),
    *dropped(INDEX, "one name", "(match.any.empty() || Has(match.any, value)) && ",
             " && !Has(match.none, value)"),
    *dropped(INDEX, "nothing", "match.any.empty() && ", " && match.all.empty()"),
    *dropped(INDEX, "labels", "(match.any.empty() || std::ranges::any_of(match.any, held)) &&",
             "std::ranges::all_of(match.all, held) && ",
             " && std::ranges::none_of(match.none, held)"),
    *[Mutation(INDEX, f"the request's part: {fact}", f"&condition.{fact},") for fact in
      ("tenant", "groups", "roles", "acr", "amr", "auth_contexts", "scopes", "purpose",
       "tool_name")],
    *dropped(INDEX, "the request's part", ", &condition.arguments_digest"),
    Mutation(INDEX, "the request's part: caller", " && condition.caller.states_nothing() &&", " &&"),
    *dropped(INDEX, "the request's part", "!condition.guest && ", "!condition.signed_in_within && ",
             " && !condition.time"),
    Mutation(INDEX, "when", "if (!fit.when) return std::nullopt;"),
    Mutation(INDEX, "unless", "&rule, fit.unless}", "&rule, false}"),
    Mutation(INDEX, "unless holds by documents alone", " && LooksAtDocumentsOnly(*rule.unless)"),
    Mutation(INDEX, "what tells agents and lines apart: when", "(fit.when ? 1 : 0)", "0"),
    Mutation(INDEX, "what tells agents and lines apart: unless", "(fit.unless ? 2 : 0)", "0"),
]
