// A JSON Web Token (RFC 7519) as it arrived: read, not believed.
#pragma once

#include <optional>
#include <string_view>
#include <utility>

#include "absl/status/statusor.h"
#include "daemon/jose/json.h"
#include "daemon/jose/jws.h"

namespace behalf {

// A signed object of claims, not yet verified. Immutable; movable, and its
// views stay valid after a move.
class UnverifiedJwt {
 public:
  // A CompactJws whose payload is a JSON object; a nested token (`cty` JWT) is
  // refused. Fails with kSubjectMalformed.
  static absl::StatusOr<UnverifiedJwt> Parse(std::string_view compact);

  std::string_view algorithm() const { return jws_.algorithm(); }
  std::optional<std::string_view> key_id() const { return jws_.key_id(); }
  std::optional<std::string_view> type() const { return jws_.type(); }  // `typ`
  // Whether the header has a parameter (tokens for Microsoft Graph: `nonce`).
  bool HasHeader(std::string_view name) const { return jws_.HasHeader(name); }

  const JsonObject& claims() const { return claims_; }

  // What was signed, and the signature's bytes.
  std::string_view signing_input() const { return jws_.signing_input(); }
  std::string_view signature() const { return jws_.signature(); }
  const CompactJws& jws() const { return jws_; }

 private:
  UnverifiedJwt(CompactJws jws, JsonObject claims)
      : jws_(std::move(jws)), claims_(std::move(claims)) {}

  CompactJws jws_;
  JsonObject claims_;
};

}  // namespace behalf
