#include "daemon/jose/jwt.h"

#include "absl/strings/match.h"
#include "absl/strings/string_view.h"
#include "daemon/base/error.h"

namespace behalf {
namespace {

// RFC 7519 section 5.2; media types are compared without regard to case.
bool IsNested(const CompactJws& jws) {
  const auto type = jws.content_type();
  if (!type) return false;
  const absl::string_view name(type->data(), type->size());
  return absl::EqualsIgnoreCase(name, "JWT") || absl::EqualsIgnoreCase(name, "application/jwt");
}

}  // namespace

absl::StatusOr<UnverifiedJwt> UnverifiedJwt::Parse(std::string_view compact) {
  auto jws = CompactJws::Parse(compact);
  if (!jws.ok()) return jws.status();
  if (IsNested(*jws)) return MakeError(Reason::kSubjectMalformed, "the token holds another token");
  auto claims = JsonObject::Parse(jws->payload(), {.max_bytes = CompactJws::kMaxBytes});
  if (!claims.ok()) {
    return MakeError(Reason::kSubjectMalformed, "the token's claims are not a plain JSON object");
  }
  return UnverifiedJwt(*std::move(jws), *std::move(claims));
}

}  // namespace behalf
