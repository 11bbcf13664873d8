#include "tests/policies/property/apply_edit.h"

#include <algorithm>
#include <stdexcept>

namespace behalf::model {
namespace {

Agent& AgentOf(const std::string& name, Documents& documents) {
  for (auto& [unused, blueprint] : documents.blueprints) {
    const auto found = blueprint.agents.find(name);
    if (found != blueprint.agents.end()) return found->second;
  }
  throw std::runtime_error("an edit names no agent of the documents: " + name);
}

// The line of `allow` that stands at the place.
std::vector<Allowance>::iterator LineAt(const Place& place, const Catalog& catalog,
                                        Documents& documents, std::vector<Allowance>*& lines) {
  for (const auto& blueprint : catalog.blueprints()) {
    for (const behalf::Allowance& allowance : blueprint->allow) {
      if (!(allowance.place == place)) continue;
      lines = &documents.blueprints.at(blueprint->name).allow;
      return std::ranges::find_if(*lines, [&](const Allowance& line) {
        return line.api == allowance.api->name &&
               line.application == (allowance.access == Access::kApplication) &&
               line.tool == (allowance.tool == nullptr ? "" : allowance.tool->name);
      });
    }
  }
  throw std::runtime_error("an edit's place is no allowance's");
}

void RemoveRule(const std::string& name, Documents& documents) {
  const std::size_t slash = name.find('/');
  const std::string policy = name.substr(0, slash);
  if (documents.policies.at(policy).erase(name.substr(slash + 1)) != 1) {
    throw std::runtime_error("an edit names no rule: " + name);
  }
  if (documents.policies.at(policy).empty()) documents.policies.erase(policy);
}

// A sign-in of this moment that satisfies the contexts.
void SignIn(const Texts& contexts, Request& request) {
  User& user = request.user;
  user.signed_in_at = request.now;
  if (contexts.empty()) return;
  if (!user.auth_contexts) user.auth_contexts.emplace();
  for (const std::string& context : contexts) {
    if (std::ranges::count(*user.auth_contexts, context) == 0) {
      user.auth_contexts->push_back(context);
    }
  }
}

void Extend(Texts& list, const Texts& values) {
  list.insert(list.end(), values.begin(), values.end());
}

}  // namespace

bool IsOfTheRequest(EditKind kind) { return kind <= EditKind::kMendHost; }

void Apply(const Edit& edit, const Catalog& catalog, Documents& documents, Request& request) {
  std::vector<Allowance>* lines = nullptr;
  switch (edit.kind) {
    case EditKind::kNameAgent:
      request.agent = edit.values.at(0);
      break;
    case EditKind::kAskThroughTool:
      request.tool = edit.item;
      break;
    case EditKind::kAskForScopes:
      request.scopes = edit.values;
      break;
    case EditKind::kSignIn:
      SignIn(edit.values, request);
      break;
    case EditKind::kRestore:
      request.revoked = false;
      break;
    case EditKind::kMendHost:
      request.disabled = false;
      break;
    case EditKind::kAddCaller:
      AgentOf(edit.item, documents)
          .callers.push_back({.socket = request.caller.socket, .user = request.caller.uid});
      break;
    case EditKind::kAddAudience:
      Extend(documents.blueprints.at(edit.item).subjects.audiences, edit.values);
      break;
    case EditKind::kAddClient:
      Extend(documents.blueprints.at(edit.item).subjects.clients, edit.values);
      break;
    case EditKind::kAddSubjectScope:
      Extend(documents.blueprints.at(edit.item).subjects.scopes, edit.values);
      break;
    case EditKind::kAdmitGuests:
      documents.blueprints.at(edit.item).subjects.guests = true;
      break;
    case EditKind::kDefineApi:
      documents.apis[edit.item] = {.scopes = edit.values};
      break;
    case EditKind::kExposeScopes:
      Extend(documents.apis.at(edit.item).scopes, edit.values);
      break;
    case EditKind::kDefineTool:
      documents.tools[edit.item] = {.callers = {{.socket = "tools", .user = 3999}}};
      break;
    case EditKind::kAddAllowance:
      documents.blueprints.at(edit.item).allow.push_back(
          {.tool = request.tool, .api = request.api, .scopes = edit.values, .max_lifetime = 3600});
      break;
    case EditKind::kAddApplicationAllowance:
      documents.blueprints.at(edit.item).allow.push_back({.tool = request.tool,
                                                          .api = request.api,
                                                          .scopes = edit.values,
                                                          .max_lifetime = 3600,
                                                          .application = true});
      break;
    case EditKind::kAddScopes:
      Extend(LineAt(edit.place, catalog, documents, lines)->scopes, edit.values);
      break;
    case EditKind::kRemoveRule:
      RemoveRule(edit.item, documents);
      break;
    case EditKind::kRemoveAllowance: {
      const auto line = LineAt(edit.place, catalog, documents, lines);
      lines->erase(line);
      break;
    }
  }
}

}  // namespace behalf::model
