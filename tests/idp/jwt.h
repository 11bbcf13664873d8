// JSON Web Tokens of this identity provider: signing, and reading back what it
// signed itself (RFC 7515 compact form, RS256).
#pragma once

#include <boost/json/object.hpp>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "absl/time/time.h"
#include "tests/idp/signing_keys.h"

namespace behalf::idp {

namespace json = boost::json;

// Members of a JSON object; nothing when absent or of another type.
std::optional<std::string> TextAt(const json::object& object, std::string_view key);
std::optional<std::int64_t> NumberAt(const json::object& object, std::string_view key);

// The texts of a list; others in it are passed over.
std::vector<std::string> TextsAt(const json::object& object, std::string_view key);

enum class JwtDefect { kNone, kMalformed, kKeyUnknown, kSignature };

struct ReadJwt {
  JwtDefect defect = JwtDefect::kNone;
  json::object header = {};
  json::object claims = {};
};

// A number, a number with a fraction, or a number as text: clients write times
// in all three forms.
std::optional<absl::Time> TimeAt(const json::object& object, std::string_view key);

// What a token says before anything is believed.
struct UnverifiedJwt {
  json::object header;
  json::object claims;
  std::string input;  // what is signed
  std::string signature;
};
std::optional<UnverifiedJwt> ReadUnverified(std::string_view token);

std::string SignJwt(const SigningKey& key, const json::object& claims);

// As Graph's tokens are: a `nonce` stands in the header, but the signature is
// over a header with the nonce's digest instead, so that only the API that
// knows this verifies the token.
std::string SignSealedJwt(const SigningKey& key, const json::object& claims,
                          const std::string& nonce);

// Checks form and signature, nothing else.
ReadJwt ReadAndVerify(const SigningKeys& keys, std::string_view token);
// The same as the API sees it that tokens are sealed for.
ReadJwt ReadAndVerifySealed(const SigningKeys& keys, std::string_view token);

}  // namespace behalf::idp
