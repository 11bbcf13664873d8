// Documents as they are in force, for programs. Pure functions.
#pragma once

#include <string>
#include <string_view>

#include "blueprint/effective.h"
#include "daemon/cli/json.h"

namespace behalf::cli {

// Null when the mapping lacks the key.
const EffectiveValue* Find(const EffectiveValue& map, std::string_view key);

// The value, which stands at `path`; adds the places of all scalars, and lists
// of them, by their paths.
Json ValueJson(const EffectiveValue& value, const std::string& path, Json::Object& places);

}  // namespace behalf::cli
