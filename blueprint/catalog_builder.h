// Turns a set without errors into a catalog.
#pragma once

#include <memory>

#include "blueprint/catalog.h"
#include "blueprint/document_set.h"

namespace behalf {

class CatalogBuilder {
 public:
  // Takes the documents out of the set.
  static std::shared_ptr<const Catalog> Build(loader::DocumentSet set, uid_t overflow_uid);

 private:
  explicit CatalogBuilder(Catalog& catalog) : catalog_(catalog) {}

  void Own(loader::DocumentSet& set);
  void IndexNames();
  void IndexSelectors();
  void IndexAllowances(const Blueprint& blueprint);

  Catalog& catalog_;
};

}  // namespace behalf
