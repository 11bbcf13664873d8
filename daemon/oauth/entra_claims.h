// How Entra writes things inside claims.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace behalf {

// A space-separated list (`scp`), sorted and without repetitions.
std::vector<std::string> SplitScopes(std::string_view text);

// Whether a space-separated, unordered list of numbers (`xms_idrel`,
// `xms_act_fct`) holds `facet`. Unknown members are passed over.
bool HasFacet(std::string_view list, std::string_view facet);

std::string LowerCase(std::string_view text);

// A NumericDate (RFC 7519 section 2) between 2000 and 2200.
bool IsPlausibleTime(std::optional<std::int64_t> seconds);

}  // namespace behalf
