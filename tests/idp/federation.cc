#include "tests/idp/federation.h"

#include "tests/idp/tokens.h"

namespace behalf::idp {
namespace {

// MSAL for Node rounds the time to the nearest second, up to half a second ahead.
constexpr absl::Duration kAhead = absl::Seconds(1);

std::optional<Refusal> CheckParty(const TokenRequest& request, const Party& party,
                                  const json::object& claims) {
  const auto text = [&](std::string_view key) { return TextAt(claims, key).value_or(""); };
  if (text("tid") != request.tenant.id) return Refusal{700211, {text("iss")}};
  if (text("aud") != kExchangeAppId) return Refusal{700212, {text("aud")}};
  if (text("idtyp") != "app") return Refusal{700229};
  if (text("azp") != party.client_id || text("sub") != party.subject) {
    return Refusal{700213, {text("sub")}};
  }
  return std::nullopt;
}

}  // namespace

std::optional<Refusal> CheckAssertionTimes(const TokenRequest& request,
                                           const json::object& claims) {
  const absl::Time begins = TimeAt(claims, "nbf").value_or(absl::UnixEpoch());
  const absl::Time ends = TimeAt(claims, "exp").value_or(absl::UnixEpoch());
  if (begins <= request.now + kAhead && request.now < ends) return std::nullopt;
  return Refusal{700024, {ErrorTime(request.now), ErrorTime(begins), ErrorTime(ends)}};
}

std::string Reason(JwtDefect defect) {
  switch (defect) {
    case JwtDefect::kMalformed:
      return "The assertion is malformed.";
    case JwtDefect::kKeyUnknown:
      return "The key was not found.";
    default:
      return "The provided signature value did not match the expected signature value.";
  }
}

std::optional<Refusal> CheckFederationToken(const TokenRequest& request, std::string_view token,
                                            const Party& party, const SigningKeys& keys) {
  const ReadJwt read = ReadAndVerify(keys, token);
  if (read.defect != JwtDefect::kNone) return Refusal{700027, {Reason(read.defect)}};
  if (auto refusal = CheckAssertionTimes(request, read.claims)) return refusal;
  return CheckParty(request, party, read.claims);
}

}  // namespace behalf::idp
