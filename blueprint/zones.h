// Time zones by their names in the IANA database of this host (tzdata).
// Thread-safe.
#pragma once

#include <optional>
#include <string>

#include "absl/time/time.h"

namespace behalf::loader {

// Nothing when the database has no such zone. What depends on the host's own
// settings is no zone.
std::optional<absl::TimeZone> FindZone(const std::string& name);

// What the author of an unknown name may have meant.
std::string SuggestZone(const std::string& unknown);

}  // namespace behalf::loader
