#include "tests/policies/property/civil_time.h"
#include "tests/policies/property/generate.h"

namespace behalf::model {
namespace {

Process SomeProcess(Random& random) {
  Process process{.socket = random.OneOf(Texts{"agents", "agents", "tools", "admin"})};
  const unsigned users[] = {1001, 1002, 1003, 1004, 1005, 2001, 2002, kAdmin, kAdmin, kNobody};
  process.uid = random.OneOf(users);
  for (unsigned group = 11; group < 15; ++group) {
    if (random.Percent(25)) process.groups.push_back(group);
  }
  return process;
}

Process OneOf(const std::vector<Selector>& selectors, Random& random) {
  const Selector& selector = random.OneOf(selectors);
  Process process = SomeProcess(random);
  process.socket = selector.socket;
  if (selector.user) {
    process.uid = *selector.user;
  } else if (process.uid == kNobody && random.Percent(90)) {
    process.uid = 1005;
  }
  if (selector.group) process.groups.push_back(*selector.group);
  random.Shuffle(process.groups);
  return process;
}

std::optional<Texts> MaybeSome(const Texts& words, Random& random) {
  if (random.Percent(25)) return std::nullopt;
  return random.Some(words, 50, 0);
}

std::optional<std::string> MaybeOne(const Texts& words, Random& random) {
  if (random.Percent(25)) return std::nullopt;
  return random.OneOf(words);
}

// Often at an edge of what windows say, in one zone or another.
Seconds SomeTime(Random& random) {
  const Seconds midnights[] = {StartOf(2026, 3, 29), StartOf(2026, 10, 25),
                               StartOf(2026, 1, 1) + 86400 * random.Between(0, 364),
                               StartOf(2026, 1, 1) + 86400 * random.Between(0, 364)};
  const Seconds offsets[] = {0, 3600, 7200, -25200, 20700, 50400};
  const Seconds shifts[] = {-60, -1, 0, 1, 59, 60, random.Between(-30000, 30000)};
  return random.OneOf(midnights) + 60 * random.OneOf(words::kMinutes) - random.OneOf(offsets) +
         random.OneOf(shifts);
}

std::optional<Seconds> SomeSignIn(Seconds now, Random& random) {
  if (random.Percent(20)) return std::nullopt;
  const Seconds ages[] = {-61, -60, -59, 0, 299, 300, 301, 900, 901, 3600, 3601, 100000};
  return now - random.OneOf(ages);
}

// Whom the blueprint accepts, as a rule.
User SomeUser(const Subjects& accepted, Seconds now, Random& random) {
  constexpr unsigned kOdd = 3;
  User user;
  user.tenant = random.Percent(kOdd) ? words::kOtherTenant : kTenant;
  user.audience = random.Percent(kOdd) ? "api://elsewhere" : random.OneOf(accepted.audiences);
  user.client = random.Percent(kOdd) ? words::kOtherTenant : random.OneOf(accepted.clients);
  if (!random.Percent(kOdd)) user.scopes = {random.OneOf(accepted.scopes)};
  if (random.Percent(30)) user.scopes.push_back("other");
  random.Shuffle(user.scopes);
  user.guest = random.Percent(accepted.guests ? 40 : kOdd);
  user.groups = MaybeSome(words::kGroups, random);
  user.roles = MaybeSome(words::kRoles, random);
  user.amr = MaybeSome(words::kMethods, random);
  user.auth_contexts = MaybeSome(words::kAuthContexts, random);
  user.acr = MaybeOne(words::kClasses, random);
  user.signed_in_at = SomeSignIn(now, random);
  return user;
}

void AskForSomething(const Documents& documents, const Blueprint& blueprint, Request& request,
                     Random& random) {
  if (!blueprint.allow.empty() && !random.Percent(10)) {
    const Allowance& line = random.OneOf(blueprint.allow);
    request.api = line.api;
    request.application = line.application != random.Percent(3);
    if (!random.Percent(5)) request.tool = line.tool;
    if (random.Percent(50)) request.scopes = random.Some(line.scopes, 60, 1);
    if (random.Percent(5)) request.scopes.push_back(random.OneOf(words::kScopes));
    if (random.Percent(15)) request.within = random.Some(line.scopes, 70, 1);
    const Texts once = request.scopes;
    if (random.Percent(10)) request.scopes.insert(request.scopes.end(), once.begin(), once.end());
  } else {
    Texts apis = {"api-x"}, tools = {"", "tool-x"};
    for (const auto& [name, unused] : documents.apis) apis.push_back(name);
    for (const auto& [name, unused] : documents.tools) tools.push_back(name);
    request.api = random.OneOf(apis);
    request.tool = random.OneOf(tools);
    request.scopes = random.Some({"Mail.Read", "User.Read", "Unheard.Of"}, 30, 0);
    request.application = random.Percent(20);
  }
  random.Shuffle(request.scopes);
  if (!request.application) return;
  request.scopes.clear();
  request.user = {};
}

std::string NameFor(const std::string& agent, const Documents& documents, Random& random) {
  if (random.Percent(55)) return agent;
  if (random.Percent(85)) return "";
  Texts names = {"agent-x"};
  for (const auto& [unused, blueprint] : documents.blueprints) {
    for (const auto& [name, other] : blueprint.agents) names.push_back(name);
  }
  return random.OneOf(names);
}

}  // namespace

Request RandomRequest(const Documents& documents, Random& random) {
  const Blueprint& blueprint = random.OneOf(documents.blueprints).second;
  const auto& [name, agent] = random.OneOf(blueprint.agents);
  Request request;
  request.caller = random.Percent(92) ? OneOf(agent.callers, random) : SomeProcess(random);
  request.agent = NameFor(name, documents, random);
  request.now = SomeTime(random);
  request.user = SomeUser(blueprint.subjects, request.now, random);
  AskForSomething(documents, blueprint, request, random);
  request.purpose = MaybeOne(words::kPurposes, random);
  request.tool_name = MaybeOne(words::kFunctions, random);
  request.arguments_digest = MaybeOne(words::kDigests, random);
  request.disabled = random.Percent(2);
  request.revoked = random.Percent(2);
  return request;
}

}  // namespace behalf::model
