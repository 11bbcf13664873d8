// RFC 4648 section 5, without padding.
#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace behalf::idp {

std::string Base64Url(std::string_view bytes);

// Nothing for padding, foreign characters or an impossible length.
std::optional<std::string> FromBase64Url(std::string_view text);

// RFC 4648 section 4, padding required: HTTP Basic (RFC 7617).
std::optional<std::string> FromBase64(std::string_view text);

std::string Sha256(std::string_view bytes);

}  // namespace behalf::idp
