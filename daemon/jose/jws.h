// Something signed, as it arrived: the compact form of a JSON Web Signature
// (RFC 7515 section 7.1), read and not believed.
#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>

#include "absl/status/statusor.h"
#include "daemon/base/secret_string.h"
#include "daemon/jose/json.h"

namespace behalf {

// Immutable; movable, and its views stay valid after a move.
class CompactJws {
 public:
  static constexpr std::size_t kMaxBytes = 16 * 1024;
  static constexpr std::size_t kMaxHeaderBytes = 4 * 1024;  // encoded
  static constexpr std::size_t kMaxKeyIdBytes = 256;

  // Three parts of canonical base64url: a header with a string `alg`, where
  // `kid` (1 to 256 bytes), `typ` and `cty`, if present, are strings too; a
  // payload, possibly empty; a signature, never empty.
  // `crit`, `b64` and `zip` are refused; `jwk`, `jku`, `x5c`, `x5t` and `x5u`
  // are never looked at. Fails with kSubjectMalformed.
  static absl::StatusOr<CompactJws> Parse(std::string_view compact);

  std::string_view algorithm() const { return algorithm_; }
  std::optional<std::string_view> key_id() const { return key_id_; }
  std::optional<std::string_view> type() const { return header_.String("typ"); }
  std::optional<std::string_view> content_type() const { return header_.String("cty"); }
  bool HasHeader(std::string_view name) const { return header_.Has(name); }

  std::string_view payload() const { return payload_.Reveal(); }
  // What was signed, and the signature's bytes.
  std::string_view signing_input() const { return signing_input_.Reveal(); }
  std::string_view signature() const { return signature_; }

 private:
  CompactJws(JsonObject header, SecretString signing_input, SecretString payload,
             std::string signature);

  JsonObject header_;
  // Together with the signature, the token.
  SecretString signing_input_;
  SecretString payload_;
  std::string signature_;
  std::string_view algorithm_;  // into the header, whose parse does not move
  std::optional<std::string_view> key_id_;
};

}  // namespace behalf
