#include "tests/policies/property/render.h"

#include <cstdio>

#include "tests/policies/property/yaml.h"

namespace behalf::model {
namespace {

Yaml Number(unsigned number) { return Yaml::Quoted(std::to_string(number)); }
Yaml Duration(Seconds seconds) { return Yaml::Plain(std::to_string(seconds) + "s"); }
Yaml True() { return Yaml::Plain("true"); }

void PutList(Yaml& map, const std::string& key, const Texts& texts) {
  if (!texts.empty()) map.Put(key, Yaml::List(texts));
}

void PutLabels(Yaml& map, const Labels& labels) {
  if (labels.empty()) return;
  Yaml yaml = Yaml::Map();
  for (const auto& [key, value] : labels) yaml.Put(key, Yaml::Quoted(value));
  map.Put("labels", yaml);
}

Yaml Document(const std::string& kind, const std::string& name, Yaml spec,
              const Labels& labels = {}) {
  Yaml metadata = Yaml::Map();
  metadata.Put("name", Yaml::Plain(name));
  PutLabels(metadata, labels);
  return Yaml::Map()
      .Put("apiVersion", Yaml::Plain("behalf/v1"))
      .Put("kind", Yaml::Plain(kind))
      .Put("metadata", metadata)
      .Put("spec", std::move(spec));
}

Yaml Callers(const std::vector<Selector>& selectors) {
  Yaml list = Yaml::List();
  for (const Selector& selector : selectors) {
    Yaml unix = Yaml::Map();
    unix.Put("socket", Yaml::Plain(selector.socket));
    if (selector.by_unknown_name) unix.Put("user", Yaml::Plain("ghost"));
    if (selector.user) unix.Put("user", Number(*selector.user));
    if (selector.group) unix.Put("group", Number(*selector.group));
    list.Add(Yaml::Map().Put("unix", unix));
  }
  return list;
}

Yaml Daemon() {
  Yaml sockets = Yaml::List();
  for (const std::string name : {"agents", "tools", "admin"}) {
    sockets.Add(Yaml::Map()
                    .Put("name", Yaml::Plain(name))
                    .Put("path", Yaml::Plain("/run/behalf/" + name + ".sock")));
  }
  return Document(
      "Daemon", "daemon",
      Yaml::Map()
          .Put("sockets", sockets)
          .Put("admin", Yaml::Map().Put("callers", Callers({{.socket = "admin", .user = kAdmin}})))
          .Put("audit", Yaml::Map().Put("file", Yaml::Plain("/var/log/behalf/audit.jsonl")))
          .Put("stateDirectory", Yaml::Plain("/var/lib/behalf")));
}

Yaml Provider() {
  return Document(
      "Provider", "contoso",
      Yaml::Map().Put("dialect", Yaml::Plain("entra")).Put("tenant", Yaml::Plain(kTenant)));
}

Yaml ApiDocument(const std::string& name, const Api& api) {
  Yaml spec = Yaml::Map();
  spec.Put("resource", Yaml::Plain("api://" + name))
      .Put("audiences", Yaml::List({"api://" + name}));
  spec.Put("scopes", Yaml::List(api.scopes));
  PutList(spec, "roles", api.roles);
  if (api.by_default) spec.Put("request", Yaml::Plain("default"));
  return Document("Api", name, spec, api.labels);
}

Yaml ToolDocument(const std::string& name, const Tool& tool) {
  Yaml spec = Yaml::Map();
  spec.Put("callers", Callers(tool.callers));
  if (!tool.separate) spec.Put("separation", Yaml::Plain("none"));
  return Document("Tool", name, spec, tool.labels);
}

Yaml Line(const Allowance& line) {
  Yaml yaml = Yaml::Map();
  if (!line.tool.empty()) yaml.Put("tool", Yaml::Plain(line.tool));
  yaml.Put("api", Yaml::Plain(line.api));
  if (line.application) yaml.Put("access", Yaml::Plain("application"));
  yaml.Put(line.application ? "roles" : "scopes", Yaml::List(line.scopes));
  PutList(yaml, "accept", line.accept);
  yaml.Put("maxLifetime", Duration(line.max_lifetime));
  if (line.reuse_for > 0) yaml.Put("reuseFor", Duration(line.reuse_for));
  return yaml;
}

Yaml Users(const Subjects& subjects) {
  Yaml yaml = Yaml::Map();
  PutList(yaml, "audiences", subjects.audiences);
  PutList(yaml, "tenants", {kTenant});
  PutList(yaml, "clients", subjects.clients);
  PutList(yaml, "scopes", subjects.scopes);
  if (subjects.guests) yaml.Put("guests", True());
  return yaml;
}

Yaml Agents(const Blueprint& blueprint) {
  Yaml list = Yaml::List();
  for (const auto& [name, agent] : blueprint.agents) {
    Yaml yaml = Yaml::Map();
    yaml.Put("name", Yaml::Plain(name)).Put("id", Yaml::Plain(agent.id));
    yaml.Put("callers", Callers(agent.callers));
    PutLabels(yaml, agent.labels);
    list.Add(yaml);
  }
  return list;
}

Yaml BlueprintDocument(const std::string& name, const Blueprint& blueprint) {
  Yaml spec = Yaml::Map();
  spec.Put("provider", Yaml::Plain("contoso")).Put("clientId", Yaml::Plain(blueprint.client_id));
  spec.Put("credential", Yaml::Map().Put("secret", Yaml::Map().Put("file", Yaml::Plain("secret"))));
  spec.Put("subjects", Users(blueprint.subjects)).Put("agents", Agents(blueprint));
  Yaml allow = Yaml::List();
  for (const Allowance& line : blueprint.allow) allow.Add(Line(line));
  if (!allow.empty()) spec.Put("allow", allow);
  return Document("Blueprint", name, spec);
}

Yaml TimeOfDay(int minute) {
  char text[16];
  std::snprintf(text, sizeof text, "%02d:%02d", minute / 60, minute % 60);
  return Yaml::Quoted(text);
}

Yaml Time(const Window& window) {
  const Texts names = {"monday", "tuesday",  "wednesday", "thursday",
                       "friday", "saturday", "sunday"};
  Yaml yaml = Yaml::Map();
  yaml.Put("zone", Yaml::Plain(window.zone));
  Texts days;
  for (const int day : window.days) days.push_back(names.at(static_cast<std::size_t>(day)));
  PutList(yaml, "days", days);
  if (window.from != 0 || window.to != 1440) {
    yaml.Put("from", TimeOfDay(window.from)).Put("to", TimeOfDay(window.to));
  }
  return yaml;
}

Yaml When(const Condition& condition) {
  Yaml yaml = Yaml::Map();
  for (const auto& [key, match] : condition.matches) {
    Yaml part = Yaml::Map();
    PutList(part, "any", match.any);
    PutList(part, "all", match.all);
    PutList(part, "none", match.none);
    yaml.Put(key, part);
  }
  if (condition.caller) {
    Yaml part = Yaml::Map();
    const auto& [any, none] = *condition.caller;
    if (!any.empty()) part.Put("any", Callers(any));
    if (!none.empty()) part.Put("none", Callers(none));
    yaml.Put("caller", part);
  }
  if (condition.guest) yaml.Put("guest", Yaml::Plain(*condition.guest ? "true" : "false"));
  if (condition.signed_in_within) {
    yaml.Put("signedInWithin", Duration(*condition.signed_in_within));
  }
  if (condition.time) yaml.Put("time", Time(*condition.time));
  return yaml;
}

Yaml Then(const Effect& effect) {
  Yaml yaml = Yaml::Map();
  if (effect.deny) yaml.Put("deny", True());
  if (effect.warn) yaml.Put("warn", True());
  PutList(yaml, "onlyScopes", effect.only_scopes);
  PutList(yaml, "withoutScopes", effect.without_scopes);
  if (effect.max_lifetime) yaml.Put("maxLifetime", Duration(*effect.max_lifetime));
  if (effect.reuse_for) yaml.Put("reuseFor", Duration(*effect.reuse_for));
  Yaml sign_in = Yaml::Map();
  if (effect.sign_in_within) sign_in.Put("within", Duration(*effect.sign_in_within));
  if (!effect.auth_context.empty()) sign_in.Put("authContext", Yaml::Plain(effect.auth_context));
  if (!sign_in.empty()) yaml.Put("signIn", sign_in);
  return yaml;
}

Yaml PolicyDocument(const std::string& name, const Policy& policy) {
  Yaml rules = Yaml::List();
  for (const auto& [rule_name, rule] : policy) {
    Yaml yaml = Yaml::Map();
    yaml.Put("name", Yaml::Plain(rule_name));
    if (rule.when) yaml.Put("when", When(*rule.when));
    if (rule.unless) yaml.Put("unless", When(*rule.unless));
    yaml.Put("then", Then(rule.then));
    rules.Add(yaml);
  }
  return Document("Policy", name, Yaml::Map().Put("rules", rules));
}

std::vector<Yaml> AllOf(const Documents& documents) {
  std::vector<Yaml> all = {Daemon(), Provider()};
  for (const auto& [name, api] : documents.apis) all.push_back(ApiDocument(name, api));
  for (const auto& [name, tool] : documents.tools) all.push_back(ToolDocument(name, tool));
  for (const auto& [name, blueprint] : documents.blueprints) {
    all.push_back(BlueprintDocument(name, blueprint));
  }
  for (const auto& [name, policy] : documents.policies) {
    all.push_back(PolicyDocument(name, policy));
  }
  return all;
}

}  // namespace

std::string Render(const Documents& documents) {
  std::string text;
  for (const Yaml& document : AllOf(documents)) text += "---\n" + document.Write(nullptr);
  return text + "...\n";
}

std::vector<std::string> RenderShuffled(const Documents& documents, Random& random) {
  std::vector<Yaml> all = AllOf(documents);
  random.Shuffle(all);
  std::vector<std::string> files(1 + random.Below(3));
  for (const Yaml& document : all) {
    files[random.Below(files.size())] += "---\n" + document.Write(&random);
  }
  std::erase_if(files, [](const std::string& file) { return file.empty(); });
  for (std::string& file : files) file += "...\n";
  return files;
}

}  // namespace behalf::model
