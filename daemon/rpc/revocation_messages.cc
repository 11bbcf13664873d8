#include "daemon/rpc/revocation_messages.h"

#include <string>
#include <utility>

#include "daemon/rpc/messages.h"

namespace behalf {
namespace {

// The numbers are the same; those that this daemon does not know are nothing.
std::optional<RevocationKind> FromMessage(v1::RevocationKind kind) {
  const bool known = kind >= v1::REVOCATION_KIND_ALL && kind <= v1::REVOCATION_KIND_TOKEN;
  if (!known) return std::nullopt;
  return static_cast<RevocationKind>(kind);
}
static_assert(static_cast<int>(RevocationKind::kAll) == v1::REVOCATION_KIND_ALL);
static_assert(static_cast<int>(RevocationKind::kBlueprint) == v1::REVOCATION_KIND_BLUEPRINT);
static_assert(static_cast<int>(RevocationKind::kAgent) == v1::REVOCATION_KIND_AGENT);
static_assert(static_cast<int>(RevocationKind::kTool) == v1::REVOCATION_KIND_TOOL);
static_assert(static_cast<int>(RevocationKind::kUser) == v1::REVOCATION_KIND_USER);
static_assert(static_cast<int>(RevocationKind::kHandle) == v1::REVOCATION_KIND_HANDLE);
static_assert(static_cast<int>(RevocationKind::kToken) == v1::REVOCATION_KIND_TOKEN);

NamedTarget FromMessage(const v1::RevocationTarget& message) {
  NamedTarget target;
  target.kind = FromMessage(message.kind());
  target.name = message.name();
  target.tenant = message.tenant();
  return target;
}

void ToMessage(const OutstandingToken& token, v1::OutstandingToken& message) {
  message.set_digest(token.digest);
  message.set_api(token.api);
  message.set_agent(token.agent);
  message.set_tool(token.tool);
  SetTimestamp(token.expires_at, *message.mutable_expires_at());
}

}  // namespace

RevokeRequest FromMessage(const v1::RevokeRequest& message, CallerPtr caller) {
  RevokeRequest request(std::move(caller));
  request.target = FromMessage(message.target());
  request.reason = message.reason();
  if (message.has_until()) request.until = FromMessage(message.until());
  return request;
}

RestoreRequest FromMessage(const v1::RestoreRequest& message, CallerPtr caller) {
  RestoreRequest request(std::move(caller));
  request.target = FromMessage(message.target());
  request.reason = message.reason();
  return request;
}

void ToMessage(const Revocation& revocation, v1::Revocation& message) {
  v1::RevocationTarget& target = *message.mutable_target();
  target.set_kind(static_cast<v1::RevocationKind>(revocation.kind));
  target.set_name(revocation.said);
  message.set_revision(revocation.revision);
  message.set_reason(revocation.reason);
  message.set_by(revocation.by);
  SetTimestamp(revocation.at, *message.mutable_at());
  if (revocation.until != absl::InfiniteFuture()) {
    SetTimestamp(revocation.until, *message.mutable_until());
  }
  message.set_description(DescriptionOf(revocation));
}

void ToMessage(const Revoked& revoked, v1::RevokeResponse& message) {
  ToMessage(*revoked.revocation, *message.mutable_revocation());
  for (const OutstandingToken& token : revoked.outstanding.tokens) {
    ToMessage(token, *message.add_outstanding());
  }
  message.set_outstanding_incomplete(!revoked.outstanding.complete);
  message.set_unrecorded(revoked.unrecorded);
}

}  // namespace behalf
