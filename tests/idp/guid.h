// GUIDs as Entra writes them: lower case, and inside subjects base64url of
// the little-endian byte order of .NET.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "tests/idp/random_source.h"

namespace behalf::idp {

// Lower case; nothing when `text` is not a GUID in its 36 character form.
std::optional<std::string> ParseGuid(std::string_view text);

std::string RandomGuid(RandomSource& random);

// Always the same GUID for the same name.
std::string DerivedGuid(std::string_view name);

// "5b404cf4-a79d-4cfe-b866-24bf8e1a4921" <-> "9ExAW52n_ky4ZiS_jhpJIQ".
std::string CompactGuid(std::string_view guid);
std::optional<std::string> FromCompactGuid(std::string_view text);

}  // namespace behalf::idp
