#include <functional>

#include "tests/policies/property/civil_time.h"
#include "tests/policies/property/generate.h"

namespace behalf::model {
namespace {

template <class T>
Texts NamesOf(const std::map<std::string, T>& all) {
  Texts names;
  for (const auto& [name, unused] : all) names.push_back(name);
  return names;
}

Texts AgentNames(const Documents& documents) {
  Texts names;
  for (const auto& [unused, blueprint] : documents.blueprints) {
    for (const auto& [name, agent] : blueprint.agents) names.push_back(name);
  }
  return names;
}

// Scopes that a rule may name, whatever edits take away.
Texts ScopesOf(const Documents& documents) {
  std::set<std::string> scopes;
  for (const auto& [name, api] : documents.apis) {
    scopes.insert(api.scopes.begin(), api.scopes.end());
  }
  return {scopes.begin(), scopes.end()};
}

Match One(const Texts& words, Random& random) {
  Match match;
  const bool any = random.Percent(65);
  if (any) match.any = random.Some(words, 35, 1);
  if (!any || random.Percent(15)) match.none = random.Some(words, 20, 1);
  return match;
}

Match Several(const Texts& words, Random& random) {
  if (random.Percent(60)) return One(words, random);
  Match match{.all = random.Some(words, 30, 1)};
  if (random.Percent(20)) match.none = random.Some(words, 20, 1);
  if (random.Percent(20)) match.any = random.Some(words, 30, 1);
  return match;
}

std::vector<Selector> SomeCallers(Random& random) {
  std::vector<Selector> selectors;
  do {
    Selector& selector = selectors.emplace_back();
    selector.socket = random.Percent(75) ? "agents" : "tools";
    selector.by_unknown_name = random.Percent(15);
    if (selector.by_unknown_name) continue;
    if (random.Percent(50)) selector.user = 1001 + static_cast<unsigned>(random.Below(4));
    if (!selector.user || random.Percent(20)) {
      selector.group = 11 + static_cast<unsigned>(random.Below(3));
    }
  } while (random.Percent(40));
  return selectors;
}

Window SomeWindow(Random& random) {
  Window window{.zone = random.OneOf(Zones())};
  for (int day = 0; day < 7; ++day) {
    if (random.Percent(60)) window.days.insert(day);
  }
  if (window.days.size() == 7 || random.Percent(40)) window.days.clear();
  if (random.Percent(15) && !window.days.empty()) return window;
  window.from = words::kMinutes[random.Below(6)];
  do {
    window.to = words::kMinutes[random.Below(7)];
  } while (window.to == window.from);
  if (window.to == 0) window.to = 1439;
  return window;
}

using Stater = std::function<void(Condition&, const Documents&, Random&)>;

Stater States(const char* key, Match (*how)(const Texts&, Random&),
              std::function<Texts(const Documents&)> words) {
  return [=](Condition& condition, const Documents& documents, Random& random) {
    condition.matches[key] = how(words(documents), random);
  };
}

Stater States(const char* key, Match (*how)(const Texts&, Random&), Texts words) {
  return States(key, how, [words](const Documents&) { return words; });
}

const std::vector<Stater>& Staters() {
  const Texts labels = {"team=red", "team=blue", "data=personal"};
  static const auto& staters = *new std::vector<Stater>{
      States("agent", One, AgentNames),
      States("agentLabels", Several, labels),
      States("blueprint", One, [](const Documents& d) { return NamesOf(d.blueprints); }),
      States("tool", One, [](const Documents& d) { return NamesOf(d.tools); }),
      States("toolLabels", Several, labels),
      States("api", One, [](const Documents& d) { return NamesOf(d.apis); }),
      States("apiLabels", Several, labels),
      States("access", One, Texts{"application", "delegated"}),
      States("scopeRequest", One, Texts{"default", "named"}),
      States("tenant", One, Texts{kTenant, words::kOtherTenant}),
      States("groups", Several, words::kGroups),
      States("roles", Several, words::kRoles),
      States("acr", One, words::kClasses),
      States("amr", Several, words::kMethods),
      States("authContexts", Several, words::kAuthContexts),
      States("scopes", Several, ScopesOf),
      States("purpose", One, words::kPurposes),
      States("toolName", One, words::kFunctions),
      States("argumentsDigest", One, words::kDigests),
      [](Condition& condition, const Documents&, Random& random) {
        auto& [any, none] = condition.caller.emplace();
        if (random.Percent(65)) any = SomeCallers(random);
        if (any.empty() || random.Percent(15)) none = SomeCallers(random);
      },
      [](Condition& condition, const Documents&, Random& random) {
        condition.guest = random.Percent(50);
      },
      [](Condition& condition, const Documents&, Random& random) {
        condition.signed_in_within = random.OneOf(words::kAges);
      },
      [](Condition& condition, const Documents&, Random& random) {
        condition.time = SomeWindow(random);
      }};
  return staters;
}

void AddEffect(Effect& effect, const Documents& documents, Random& random) {
  switch (random.Below(12)) {
    case 0:
    case 1:
      effect.deny = true;
      break;
    case 2:
      effect.warn = true;
      break;
    case 3:
    case 4:
      effect.only_scopes = random.Some(ScopesOf(documents), 60, 1);
      break;
    case 5:
    case 6:
      effect.without_scopes = random.Some(ScopesOf(documents), 25, 1);
      break;
    case 7:
    case 8:
      effect.max_lifetime = 300 * random.Between(1, 8);
      break;
    case 9:
      effect.reuse_for = 300 * random.Between(0, 4);
      break;
    case 10:
      effect.sign_in_within = random.OneOf(words::kAges);
      break;
    default:
      effect.auth_context = random.OneOf(words::kAuthContexts);
  }
}

}  // namespace

Condition RandomCondition(const Documents& documents, Random& random) {
  Condition condition;
  do {
    random.OneOf(Staters())(condition, documents, random);
  } while (random.Percent(40));
  return condition;
}

Rule RandomRule(const Documents& documents, Random& random) {
  Rule rule;
  if (random.Percent(85)) rule.when = RandomCondition(documents, random);
  if (random.Percent(50)) rule.unless = RandomCondition(documents, random);
  do {
    AddEffect(rule.then, documents, random);
  } while (random.Percent(25));
  return rule;
}

}  // namespace behalf::model
