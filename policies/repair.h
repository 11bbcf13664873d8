// The nearest edits that would turn a denial into an answer. Pure.
#pragma once

#include <vector>

#include "blueprint/catalog.h"
#include "policies/edit.h"
#include "policies/facts.h"

namespace behalf {

// Edits after which Decide allows, for facts with an agent; empty when it
// allows already or when no edit of the list would help. Of several ways the
// request is changed before the documents, and these as little as can be.
struct Repair {
  bool possible = true;
  std::vector<Edit> edits = {};
};
Repair RepairOf(const Catalog& catalog, Facts facts);

}  // namespace behalf
