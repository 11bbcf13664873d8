// The edits that explanations suggest, made in the model.
#pragma once

#include "blueprint/catalog.h"
#include "policies/edit.h"
#include "tests/policies/property/model.h"

namespace behalf::model {

// Whether the edit is one of the request or of the host, not of documents.
bool IsOfTheRequest(EditKind kind);

// `catalog`: what the documents were loaded as, where the edit's place stands.
void Apply(const Edit& edit, const Catalog& catalog, Documents& documents, Request& request);

}  // namespace behalf::model
