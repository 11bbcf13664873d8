// Walks over all selectors of a set, whoever they belong to.
#pragma once

#include <functional>

#include "blueprint/document_set.h"

namespace behalf::loader {

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
  for (const auto& daemon : set.daemons) {
    for (UnixSelector& selector : daemon->admins) visit(selector);
  }
}

}  // namespace behalf::loader
