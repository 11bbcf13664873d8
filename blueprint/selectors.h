// Walks over all selectors of a set, whoever they belong to.
#pragma once

#include <optional>

#include "blueprint/document_set.h"

namespace behalf::loader {

template <class Visit>
void ForEachSelector(Policy& policy, const Visit& visit) {
  for (Rule& rule : policy.rules) {
    for (std::optional<Condition>* condition : {&rule.when, &rule.unless}) {
      if (!condition->has_value()) continue;
      for (UnixSelector& selector : (*condition)->caller.any) visit(selector);
      for (UnixSelector& selector : (*condition)->caller.none) visit(selector);
    }
  }
}

template <class Visit>
void ForEachSelector(DocumentSet& set, const Visit& visit) {
  for (const auto& tool : set.tools) {
    for (UnixSelector& selector : tool->callers) visit(selector);
  }
  for (const auto& blueprint : set.blueprints) {
    for (Agent& agent : blueprint->agents) {
      for (UnixSelector& selector : agent.callers) visit(selector);
    }
  }
  for (const auto& policy : set.policies) ForEachSelector(*policy, visit);
  for (const auto& daemon : set.daemons) {
    for (UnixSelector& selector : daemon->admins) visit(selector);
  }
}

}  // namespace behalf::loader
