// Walks over all selectors of a set, whoever they belong to.
#pragma once

#include <optional>

#include "blueprint/document_set.h"

namespace behalf::loader {

// Of tools, agents and admins: who may call.
template <class Visit>
void ForEachIdentity(DocumentSet& set, const Visit& visit) {
  for (const auto& tool : set.tools) {
    for (UnixSelector& selector : tool->callers) visit(selector);
  }
  for (const auto& blueprint : set.blueprints) {
    for (Agent& agent : blueprint->agents) {
      for (UnixSelector& selector : agent.callers) visit(selector);
    }
  }
  for (const auto& daemon : set.daemons) {
    for (UnixSelector& selector : daemon->admins) visit(selector);
  }
}

// Of the conditions of rules.
template <class Visit>
void ForEachConditionsSelector(DocumentSet& set, const Visit& visit) {
  const auto visit_all = [&](std::optional<Condition>& condition) {
    if (!condition) return;
    for (UnixSelector& selector : condition->caller.any) visit(selector);
    for (UnixSelector& selector : condition->caller.none) visit(selector);
  };
  for (const auto& policy : set.policies) {
    for (Rule& rule : policy->rules) {
      visit_all(rule.when);
      visit_all(rule.unless);
    }
  }
}

template <class Visit>
void ForEachSelector(DocumentSet& set, const Visit& visit) {
  ForEachIdentity(set, visit);
  ForEachConditionsSelector(set, visit);
}

}  // namespace behalf::loader
