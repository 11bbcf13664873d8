#include "daemon/jose/jws.h"

#include <array>
#include <utility>

#include "daemon/base/error.h"
#include "daemon/jose/base64url.h"

namespace behalf {
namespace {

absl::Status Malformed(std::string_view what) { return MakeError(Reason::kSubjectMalformed, what); }

// Header, payload, signature; null when there are fewer. What is too much
// stays with the signature, which a dot makes no base64url.
std::optional<std::array<std::string_view, 3>> Split(std::string_view compact) {
  const std::size_t first = compact.find('.');
  if (first == std::string_view::npos) return std::nullopt;
  const std::size_t second = compact.find('.', first + 1);
  if (second == std::string_view::npos) return std::nullopt;
  return std::array{compact.substr(0, first), compact.substr(first + 1, second - first - 1),
                    compact.substr(second + 1)};
}

bool AbsentOrString(const JsonObject& header, std::string_view name) {
  return !header.Has(name) || header.String(name).has_value();
}

// RFC 7515 section 4; an extension that must be understood is not.
absl::Status CheckHeader(const JsonObject& header) {
  for (const std::string_view name : {"crit", "b64", "zip"}) {
    if (header.Has(name)) return Malformed("the token's header uses an extension");
  }
  if (!header.String("alg")) return Malformed("the token's header has no `alg`");
  for (const std::string_view name : {"kid", "typ", "cty"}) {
    if (!AbsentOrString(header, name)) return Malformed("the token's header has a wrong type");
  }
  const auto key_id = header.String("kid");
  if (key_id && (key_id->empty() || key_id->size() > CompactJws::kMaxKeyIdBytes)) {
    return Malformed("the token's `kid` is empty or too long");
  }
  return absl::OkStatus();
}

absl::StatusOr<JsonObject> ParseHeader(std::string_view encoded) {
  if (encoded.size() > CompactJws::kMaxHeaderBytes)
    return Malformed("the token's header is too large");
  const auto text = Base64UrlDecode(encoded);
  if (!text) return Malformed("the token's header is not canonical base64url");
  auto header = JsonObject::Parse(*text);
  if (!header.ok()) return Malformed("the token's header is not a plain JSON object");
  if (absl::Status status = CheckHeader(*header); !status.ok()) return status;
  return header;
}

}  // namespace

CompactJws::CompactJws(JsonObject header, SecretString signing_input, SecretString payload,
                       std::string signature)
    : header_(std::move(header)),
      signing_input_(std::move(signing_input)),
      payload_(std::move(payload)),
      signature_(std::move(signature)),
      algorithm_(*header_.String("alg")),
      key_id_(header_.String("kid")) {}

absl::StatusOr<CompactJws> CompactJws::Parse(std::string_view compact) {
  if (compact.size() > kMaxBytes) return Malformed("the token is too large");
  const auto parts = Split(compact);
  if (!parts) return Malformed("the token has not three parts");
  const auto [header_text, payload_text, signature_text] = *parts;

  auto header = ParseHeader(header_text);
  if (!header.ok()) return header.status();
  auto payload = Base64UrlDecode(payload_text);
  if (!payload) return Malformed("the token's payload is not canonical base64url");
  auto signature = Base64UrlDecode(signature_text);
  if (!signature) return Malformed("the token's signature is not canonical base64url");
  if (signature->empty()) return Malformed("the token is not signed");

  const std::size_t signed_bytes = header_text.size() + 1 + payload_text.size();
  return CompactJws(*std::move(header), SecretString(compact.substr(0, signed_bytes)),
                    SecretString(*std::move(payload)), *std::move(signature));
}

}  // namespace behalf
