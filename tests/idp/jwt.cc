#include "tests/idp/jwt.h"

#include <array>
#include <boost/json/array.hpp>
#include <boost/json/parse.hpp>
#include <boost/json/serialize.hpp>

#include "absl/strings/numbers.h"
#include "tests/idp/base64url.h"

namespace behalf::idp {
namespace {

constexpr std::string_view kNonce = "nonce";

struct Parts {
  std::string header;  // all three still encoded
  std::string claims;
  std::string signature;
};

std::optional<Parts> Split(std::string_view token) {
  const std::size_t first = token.find('.');
  const std::size_t last = token.rfind('.');
  if (first == std::string_view::npos || first == last) return std::nullopt;
  return Parts{std::string(token.substr(0, first)),
               std::string(token.substr(first + 1, last - first - 1)),
               std::string(token.substr(last + 1))};
}

std::optional<json::object> DecodeObject(std::string_view encoded) {
  const std::optional<std::string> text = FromBase64Url(encoded);
  if (!text.has_value()) return std::nullopt;
  json::error_code error;
  json::value value = json::parse(*text, error);
  if (error || !value.is_object()) return std::nullopt;
  return value.get_object();
}

json::object Header(const SigningKey& key) {
  return {{"typ", "JWT"}, {"alg", "RS256"}, {"kid", key.id()}};
}

json::object WithDigestedNonce(json::object header) {
  const std::string nonce = TextAt(header, kNonce).value_or("");
  header[kNonce] = Base64Url(Sha256(nonce));
  return header;
}

std::string SigningInput(const json::object& header, std::string_view claims) {
  return Base64Url(json::serialize(header)).append(".").append(claims);
}

ReadJwt Read(const SigningKeys& keys, std::string_view token, bool sealed) {
  const std::optional<UnverifiedJwt> jwt = ReadUnverified(token);
  if (!jwt.has_value() || TextAt(jwt->header, "alg") != "RS256") {
    return {.defect = JwtDefect::kMalformed};
  }
  const SigningKey* key = keys.Find(TextAt(jwt->header, "kid").value_or(""));
  if (key == nullptr) return {.defect = JwtDefect::kKeyUnknown};
  const std::string input = sealed && jwt->header.contains(kNonce)
                                ? SigningInput(WithDigestedNonce(jwt->header), Split(token)->claims)
                                : jwt->input;
  if (!key->Verify(input, jwt->signature)) return {.defect = JwtDefect::kSignature};
  return {JwtDefect::kNone, jwt->header, jwt->claims};
}

}  // namespace

std::optional<std::string> TextAt(const json::object& object, std::string_view key) {
  const json::value* value = object.if_contains(key);
  if (value == nullptr || !value->is_string()) return std::nullopt;
  return std::string(value->get_string());
}

std::vector<std::string> TextsAt(const json::object& object, std::string_view key) {
  std::vector<std::string> texts;
  const json::value* list = object.if_contains(key);
  if (list == nullptr || !list->is_array()) return texts;
  for (const json::value& item : list->get_array()) {
    if (item.is_string()) texts.emplace_back(std::string_view(item.get_string()));
  }
  return texts;
}

std::optional<std::int64_t> NumberAt(const json::object& object, std::string_view key) {
  const json::value* value = object.if_contains(key);
  if (value == nullptr || !value->is_int64()) return std::nullopt;
  return value->get_int64();
}

std::optional<absl::Time> TimeAt(const json::object& object, std::string_view key) {
  const json::value* value = object.if_contains(key);
  if (value == nullptr) return std::nullopt;
  double seconds = 0;
  if (value->is_string()) {
    const std::string_view text = value->get_string();
    if (!absl::SimpleAtod({text.data(), text.size()}, &seconds)) return std::nullopt;
  } else if (value->is_number()) {
    seconds = value->to_number<double>();
  } else {
    return std::nullopt;
  }
  return absl::UnixEpoch() + absl::Seconds(seconds);
}

std::optional<UnverifiedJwt> ReadUnverified(std::string_view token) {
  const std::optional<Parts> parts = Split(token);
  if (!parts.has_value()) return std::nullopt;
  const auto header = DecodeObject(parts->header);
  const auto claims = DecodeObject(parts->claims);
  const auto signature = FromBase64Url(parts->signature);
  if (!header || !claims || !signature) return std::nullopt;
  return UnverifiedJwt{*header, *claims, parts->header + "." + parts->claims, *signature};
}

std::string SignJwt(const SigningKey& key, const json::object& claims) {
  const std::string input = SigningInput(Header(key), Base64Url(json::serialize(claims)));
  return input + "." + Base64Url(key.Sign(input));
}

std::string SignSealedJwt(const SigningKey& key, const json::object& claims,
                          const std::string& nonce) {
  json::object header = Header(key);
  header[kNonce] = nonce;
  const std::string payload = Base64Url(json::serialize(claims));
  const std::string signature = key.Sign(SigningInput(WithDigestedNonce(header), payload));
  return SigningInput(header, payload) + "." + Base64Url(signature);
}

ReadJwt ReadAndVerify(const SigningKeys& keys, std::string_view token) {
  return Read(keys, token, false);
}

ReadJwt ReadAndVerifySealed(const SigningKeys& keys, std::string_view token) {
  return Read(keys, token, true);
}

}  // namespace behalf::idp
