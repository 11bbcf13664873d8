// The values of `error` (RFC 6749 section 5.2, and Entra's own).
#pragma once

#include <string_view>

namespace behalf::idp {

inline constexpr std::string_view kRequest = "invalid_request";
inline constexpr std::string_view kGrant = "invalid_grant";
inline constexpr std::string_view kClient = "invalid_client";
inline constexpr std::string_view kScope = "invalid_scope";
inline constexpr std::string_view kResource = "invalid_resource";
inline constexpr std::string_view kUnauthorized = "unauthorized_client";
inline constexpr std::string_view kInteraction = "interaction_required";
inline constexpr std::string_view kTransient = "temporarily_unavailable";

}  // namespace behalf::idp
