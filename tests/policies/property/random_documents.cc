#include <algorithm>
#include <cstdio>

#include "tests/policies/property/generate.h"

namespace behalf::model {
namespace {

std::string Guid(std::size_t number) {
  char text[40];
  std::snprintf(text, sizeof text, "b1a7b9de-7d0e-4a4e-9a56-%012zx", number);
  return text;
}

Labels SomeLabels(Random& random) {
  Labels labels;
  if (random.Percent(50)) labels["team"] = random.Percent(50) ? "red" : "blue";
  if (random.Percent(30)) labels["data"] = "personal";
  return labels;
}

Selector SomeSelector(unsigned first_user, Random& random) {
  Selector selector{.socket = random.Percent(80) ? "agents" : "tools"};
  const bool by_user = random.Percent(70);
  if (by_user) selector.user = first_user + static_cast<unsigned>(random.Below(4));
  if (!by_user || random.Percent(25)) selector.group = 11 + static_cast<unsigned>(random.Below(3));
  return selector;
}

std::vector<Selector> SomeSelectors(unsigned first_user, Random& random) {
  std::vector<Selector> selectors;
  do {
    selectors.push_back(SomeSelector(first_user, random));
  } while (random.Percent(30));
  return selectors;
}

Api SomeApi(Random& random) {
  return {.scopes = random.Some(words::kScopes, 70, 2),
          .by_default = random.Percent(30),
          .labels = SomeLabels(random),
          .roles = random.Some(words::kScopes, 40, 0)};
}

// Separate where no process can be both it and an agent.
Tool SomeTool(Random& random) {
  Tool tool{.callers = SomeSelectors(random.Percent(80) ? 2001 : 1001, random),
            .labels = SomeLabels(random)};
  tool.separate = std::ranges::all_of(tool.callers, [](const Selector& selector) {
    return selector.user.value_or(0) > 2000 && !selector.group;
  });
  return tool;
}

Allowance SomeLine(const std::string& tool, const std::string& api, const Api& exposed,
                   Random& random) {
  Allowance line{.tool = tool, .api = api, .scopes = random.Some(exposed.scopes, 60, 1)};
  Texts more = exposed.scopes;
  more.push_back("openid");
  more.push_back("profile");
  line.accept = random.Some(more, 20, 0);
  line.max_lifetime = 600 * random.Between(1, 6);
  if (random.Percent(60)) line.reuse_for = line.max_lifetime / random.Between(1, 4);
  return line;
}

Allowance SomeApplicationLine(const std::string& tool, const std::string& api, const Api& exposed,
                              Random& random) {
  Allowance line{.tool = tool, .api = api, .scopes = random.Some(exposed.roles, 60, 0)};
  line.accept = random.Some(exposed.roles, 20, 0);
  line.max_lifetime = 600 * random.Between(1, 6);
  line.application = true;
  return line;
}

std::vector<Allowance> SomeLines(const Documents& documents, Random& random) {
  std::vector<Allowance> lines;
  for (const auto& [api, exposed] : documents.apis) {
    if (random.Percent(50)) lines.push_back(SomeLine("", api, exposed, random));
    for (const auto& [tool, unused] : documents.tools) {
      if (random.Percent(40)) lines.push_back(SomeLine(tool, api, exposed, random));
    }
    for (const std::string& tool : {std::string(), documents.tools.begin()->first}) {
      if (random.Percent(20)) lines.push_back(SomeApplicationLine(tool, api, exposed, random));
    }
  }
  random.Shuffle(lines);
  return lines;
}

Subjects SomeSubjects(const std::string& name, Random& random) {
  return {.audiences = random.Some({"api://" + name, "api://shared"}, 40, 1),
          .clients = random.Some({Guid(0xc1), Guid(0xc2)}, 40, 1),
          .scopes = random.Some({"access_agent", "work"}, 40, 1),
          .guests = random.Percent(40)};
}

Policy SomePolicy(const Documents& documents, Random& random) {
  Policy policy;
  for (int rules = random.Between(1, 3); rules > 0; --rules) {
    policy["rule-" + std::to_string(rules)] = RandomRule(documents, random);
  }
  return policy;
}

}  // namespace

Documents RandomDocuments(Random& random) {
  Documents documents;
  for (const std::string name : {"api-a", "api-b"}) documents.apis[name] = SomeApi(random);
  for (const std::string name : {"tool-a", "tool-b"}) documents.tools[name] = SomeTool(random);
  std::size_t number = 0;
  for (int blueprints = random.Between(1, 2); blueprints > 0; --blueprints) {
    const std::string name = "blueprint-" + std::to_string(blueprints);
    Blueprint& blueprint = documents.blueprints[name];
    blueprint.client_id = Guid(0xb00 + ++number);
    blueprint.subjects = SomeSubjects(name, random);
    for (int agents = random.Between(1, 2); agents > 0; --agents) {
      blueprint.agents["agent-" + std::to_string(++number)] = {
          .id = Guid(0xa00 + number),
          .callers = SomeSelectors(1001, random),
          .labels = SomeLabels(random)};
    }
    blueprint.allow = SomeLines(documents, random);
  }
  for (int policies = random.Between(0, 2); policies > 0; --policies) {
    documents.policies["policy-" + std::to_string(policies)] = SomePolicy(documents, random);
  }
  return documents;
}

}  // namespace behalf::model
