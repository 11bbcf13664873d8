// Documents as YAML.
#pragma once

#include <string>
#include <vector>

#include "tests/policies/property/model.h"
#include "tests/policies/property/random.h"

namespace behalf::model {

// One file's text, in an order that can be read.
std::string Render(const Documents& documents);

// The same documents in an order of chance, spread over a few files.
std::vector<std::string> RenderShuffled(const Documents& documents, Random& random);

std::string Render(const Request& request);  // for people

}  // namespace behalf::model
