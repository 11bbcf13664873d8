// What documents mean, as one SHA-256. Every key of a kind's description
// counts; places, comments and the numbers of accounts do not.
#pragma once

#include <string>

#include "blueprint/document_set.h"

namespace behalf::loader {

// Hex. The set must be without errors.
std::string DigestOf(const DocumentSet& set);
std::string DigestOf(const Provider& provider);

}  // namespace behalf::loader
