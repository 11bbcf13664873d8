#include "daemon/oauth/entra_claims.h"

#include <algorithm>

#include "absl/strings/ascii.h"
#include "absl/strings/str_split.h"
#include "absl/strings/string_view.h"

namespace behalf {
namespace {

absl::string_view View(std::string_view text) { return {text.data(), text.size()}; }

}  // namespace

std::vector<std::string> SplitScopes(std::string_view text) {
  std::vector<std::string> scopes = absl::StrSplit(View(text), ' ', absl::SkipEmpty());
  std::sort(scopes.begin(), scopes.end());
  scopes.erase(std::unique(scopes.begin(), scopes.end()), scopes.end());
  return scopes;
}

bool HasFacet(std::string_view list, std::string_view facet) {
  for (const absl::string_view member : absl::StrSplit(View(list), ' ', absl::SkipEmpty())) {
    if (member == View(facet)) return true;
  }
  return false;
}

std::string LowerCase(std::string_view text) { return absl::AsciiStrToLower(View(text)); }

bool IsPlausibleTime(std::optional<std::int64_t> seconds) {
  constexpr std::int64_t kYear2000 = 946'684'800;
  constexpr std::int64_t kYear2200 = 7'258'118'400;
  return seconds && *seconds >= kYear2000 && *seconds <= kYear2200;
}

}  // namespace behalf
