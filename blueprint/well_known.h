// The Api documents that come with the program: APIs that many tenants use,
// with what is known of them and how sure that is. The texts are the files of
// blueprint/well_known. Immutable, hence thread-safe.
#pragma once

#include <span>
#include <string>
#include <string_view>

#include "blueprint/load.h"

namespace behalf {

// A file of documents. Its path, "wellKnown/NAME.yaml", is how messages and
// the documents in force name it; no such file is read.
struct WellKnownApi {
  std::string name;
  SourceFile file;
};

// In the order of their names.
std::span<const WellKnownApi> WellKnownApis();

// Null when there is none.
const WellKnownApi* FindWellKnownApi(std::string_view name);

}  // namespace behalf
