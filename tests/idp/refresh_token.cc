#include "tests/idp/refresh_token.h"

#include <boost/json/value_from.hpp>

#include "tests/idp/base64url.h"

namespace behalf::idp {
namespace {

// In front of every token; nothing that reads JWTs accepts what follows.
constexpr std::string_view kPrefix = "1.";
constexpr std::string_view kAudience = "refresh";
constexpr absl::Duration kLifetime = absl::Hours(90 * 24);

}  // namespace

std::string MakeRefreshToken(const SigningKey& key, const Stamp& stamp, const UserAccess& access) {
  const json::object claims{{"aud", kAudience},
                            {"client", access.client.id},
                            {"contexts", json::value_from(access.shown.contexts)},
                            {"exp", absl::ToUnixSeconds(stamp.now + kLifetime)},
                            {"id", stamp.id},
                            {"onBehalf", access.on_behalf},
                            {"nbf", absl::ToUnixSeconds(stamp.now)},
                            {"secondFactor", access.shown.second_factor},
                            {"tenant", access.tenant.id},
                            {"user", access.user.id}};
  return std::string(kPrefix).append(Base64Url(SignJwt(key, claims)));
}

Outcome<Subject> ReadRefreshToken(const TokenRequest& request, std::string_view token,
                                  std::string_view client_id, const SigningKeys& keys) {
  const bool prefixed = token.starts_with(kPrefix);
  const auto inner = FromBase64Url(prefixed ? token.substr(kPrefix.size()) : "");
  if (!inner.has_value()) return Refusal{70000};
  const auto [defect, header, claims] = ReadAndVerify(keys, *inner);
  if (defect != JwtDefect::kNone || TextAt(claims, "aud") != kAudience ||
      TextAt(claims, "client") != client_id || TextAt(claims, "tenant") != request.tenant.id) {
    return Refusal{70000};
  }
  const absl::Time begins = absl::FromUnixSeconds(NumberAt(claims, "nbf").value_or(0));
  if (request.now >= absl::FromUnixSeconds(NumberAt(claims, "exp").value_or(0))) {
    return Refusal{700082, {ErrorTime(begins), "90.00:00:00"}};
  }
  const User* user = request.tenant.FindUser(TextAt(claims, "user").value_or(""));
  if (user == nullptr) return Refusal{70000};
  if (user->disabled) return Refusal{50057};
  return Subject{user,
                 {claims.at("secondFactor").as_bool(), TextsAt(claims, "contexts")},
                 claims.at("onBehalf").as_bool()};
}

}  // namespace behalf::idp
