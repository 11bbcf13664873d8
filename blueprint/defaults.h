// What the entries of a blueprint leave to its `defaults`.
#pragma once

#include "blueprint/node.h"

namespace behalf::loader {

// Puts the values of `defaults` where an allowance or an agent lacks them,
// before the document is bound: each keeps the place it was written at. Looks
// at blueprints only. A misspelt key counts as what was meant, so that nothing
// is missing besides.
void InheritDefaults(Node& document);

}  // namespace behalf::loader
