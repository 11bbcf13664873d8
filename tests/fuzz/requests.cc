// Requests as they come over the wire: read, checked, described, resolved.
#include <algorithm>
#include <memory>
#include <string>
#include <vector>

#include "daemon/audit/audit_record.h"
#include "daemon/base/error.h"
#include "daemon/broker/revocation_target.h"
#include "daemon/broker/validate.h"
#include "daemon/rpc/request_messages.h"
#include "daemon/rpc/revocation_messages.h"
#include "daemon/wire/question.h"
#include "daemon/wire/times.h"
#include "policies/asked.h"
#include "policies/explain.h"
#include "tests/fakes/contoso.h"
#include "tests/fuzz/choices.h"
#include "tests/fuzz/promise.h"

#if GOOGLE_PROTOBUF_VERSION < 4022000
#include <google/protobuf/stubs/logging.h>
#endif

namespace behalf::fuzz {
namespace {

const absl::Time kNow = absl::FromUnixSeconds(1'750'000'000);

const Catalog& Documents() {
  static const auto* const catalog = new std::shared_ptr<const Catalog>(ContosoCatalog());
  return **catalog;
}

CallerPtr Somebody() {
  static const auto* const caller = new CallerPtr(
      std::make_shared<const Caller>(Caller{.socket = "agents", .uid = 1001, .groups = {}}));
  return *caller;
}

bool MayBeName(std::string_view text) {
  constexpr std::string_view kLetters = "abcdefghijklmnopqrstuvwxyz0123456789-";
  return !text.empty() && text.size() <= 63 && text.find_first_not_of(kLetters) == text.npos;
}

bool MayBeScope(std::string_view text) {
  return !text.empty() && text.size() <= 256 && text.find("eyJ") == text.npos &&
         std::ranges::all_of(text, [](char c) { return c > 0x20 && c < 0x7F; });
}

void CheckScopes(const std::vector<std::string>& scopes) {
  Promise(scopes.size() <= 64, "scopes are bounded");
  Promise(std::ranges::all_of(scopes, MayBeScope), "scopes are scopes");
}

// What the broker may rely on once a request is valid.
void CheckValid(const TokenRequest& request, bool for_handle) {
  Promise(MayBeName(request.api), "an API has a name");
  Promise(request.agent.empty() || MayBeName(request.agent), "an agent has a name");
  Promise(!for_handle || MayBeName(request.tool), "a handle is for a tool");
  Promise(request.access.has_value(), "access is known");
  const bool delegated = request.access == Access::kDelegated;
  Promise(delegated != request.subject_token.empty(), "a token goes with delegated access");
  Promise(delegated || request.scopes.empty(), "an application names no scopes");
  CheckScopes(request.scopes);
  for (const std::string* text : {&request.declared.purpose, &request.declared.tool_name,
                                  &request.declared.arguments_digest}) {
    Promise(text->size() <= 256 && text->find("eyJ") == text->npos, "what is declared is bounded");
  }
  const absl::Duration lifetime = request.lifetime.value_or(absl::Seconds(1));
  const bool bounded = lifetime > absl::ZeroDuration() && lifetime <= absl::Minutes(5);
  Promise(!for_handle || bounded, "a handle lives for 5 minutes at most");
  if (!for_handle || !request.lifetime) return;
  google::protobuf::Duration again;
  SetDuration(lifetime, again);
  Promise(FromMessage(again) == lifetime, "a lifetime is written as it was read");
}

// What comes to the record of a request, valid or not, is never a token.
void CheckDescribed(const AuditRecord& record) {
  Promise(record.agent.empty() || MayBeName(record.agent), "only names are recorded as names");
  Promise(record.tool.empty() || MayBeName(record.tool), "only names are recorded as names");
  Promise(record.api.empty() || MayBeName(record.api), "only names are recorded as names");
  Promise(std::ranges::all_of(record.scopes_asked, MayBeScope), "only scopes are recorded");
  Promise(ToJsonLine(record).find("eyJ") == std::string::npos, "no token is recorded");
}

// Says on stderr which field is no UTF-8, once for each such input.
void SilenceProtobuf() {
#if GOOGLE_PROTOBUF_VERSION < 4022000
  google::protobuf::SetLogHandler(nullptr);
#endif
}

template <typename Message>
bool Read(std::string_view bytes, Message& message) {
  return message.ParseFromArray(bytes.data(), static_cast<int>(bytes.size()));
}

void CheckRefusal(const absl::Status& status) {
  if (status.ok()) return;
  const ErrorDetail detail = DetailOf(status);
  Promise(detail.reason == Reason::kRequestInvalid, "what is wrong is the request");
  Promise(detail.metadata.contains("field"), "and one field of it");
}

template <typename Message>
void CheckTokenRequest(std::string_view bytes, absl::Status (*validate)(const TokenRequest&)) {
  Message message;
  if (!Read(bytes, message)) return;
  const TokenRequest request = FromMessage(message, Somebody());
  CheckRefusal(ValidateQuestion(request, request.agent));
  const absl::Status status = validate(request);
  CheckRefusal(status);
  if (status.ok()) CheckValid(request, request.for_handle);
  AuditRecord record;
  Describe(request, record);
  CheckDescribed(record);
}

void CheckRedeem(std::string_view bytes) {
  v1::RedeemHandleRequest message;
  if (!Read(bytes, message)) return;
  const RedeemRequest request = FromMessage(message, Somebody());
  const absl::Status status = Validate(request);
  CheckRefusal(status);
  AuditRecord record;
  Describe(request, record);
  CheckDescribed(record);
  if (!status.ok()) return;
  Promise(!request.handle.empty() && request.request_id.size() <= 64, "a redemption is bounded");
  CheckScopes(request.scopes);
}

void CheckTarget(const NamedTarget& target) {
  if (!target.kind) return;
  const auto resolved = ResolveTarget(Documents(), *target.kind, target.name, target.tenant, "k1");
  CheckRefusal(resolved.status());
  if (!resolved.ok()) return;
  Promise(resolved->kind == *target.kind, "what is revoked is what was named");
  const bool all = resolved->kind == RevocationKind::kAll;
  Promise(resolved->targets.empty() == all, "all has no targets, and everything else has");
  Promise(!std::ranges::count(resolved->targets, ""), "a target is not empty");
}

// What an admin is answered says what is in force.
void CheckAnswer(const Revocation& revocation, const std::string& text) {
  Revoked revoked;
  revoked.revocation = std::make_shared<const Revocation>(revocation);
  revoked.outstanding.tokens.emplace_back();
  revoked.outstanding.tokens.back().digest = text;
  v1::RevokeResponse answer;
  ToMessage(revoked, answer);
  const v1::Revocation& shown = answer.revocation();
  Promise(answer.outstanding_size() == 1 && answer.outstanding(0).digest() == text, "all is told");
  const absl::Time until = shown.has_until() ? FromMessage(shown.until()) : absl::InfiniteFuture();
  Promise(until == revocation.until, "an end is shown as it is");
}

void CheckRevoke(std::string_view bytes) {
  v1::RevokeRequest message;
  if (!Read(bytes, message)) return;
  const RevokeRequest request = FromMessage(message, Somebody());
  CheckTarget(request.target);
  Revocation revocation;
  revocation.until = request.until.value_or(absl::InfiniteFuture());
  if (revocation.until > kNow) CheckAnswer(revocation, request.reason);
}

void CheckRestore(std::string_view bytes) {
  v1::RestoreRequest message;
  if (Read(bytes, message)) CheckTarget(FromMessage(message, Somebody()).target);
}

void CheckExplain(std::string_view bytes) {
  v1::AdminExplainRequest message;
  if (!Read(bytes, message)) return;
  const Asked asked = FromMessage(message, kNow);
  Promise(std::ranges::is_sorted(asked.user.scopes), "a user's scopes are sorted");
  if (asked.user.groups) {
    Promise(std::ranges::is_sorted(*asked.user.groups), "a user's groups are sorted");
  }
  if (!asked.access) return;
  const Explanation explanation = Explain(Documents(), QuestionOf(asked));
  Promise(explanation.decision.allowed() != explanation.decision.denied.has_value(),
          "a decision is yes or no");
}

}  // namespace
}  // namespace behalf::fuzz

// One byte says which message the rest is.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace behalf;
  static const bool silent = (fuzz::SilenceProtobuf(), true);
  if (!silent) return 0;
  fuzz::Choices choices(fuzz::TextOf(data, size));
  const std::uint8_t kind = choices.Byte();
  const std::string_view bytes = choices.Rest();
  switch (kind % 7) {
    case 0:
      fuzz::CheckTokenRequest<v1::GetTokenRequest>(bytes, Validate);
      break;
    case 1:
      fuzz::CheckTokenRequest<v1::CreateHandleRequest>(bytes, ValidateForHandle);
      break;
    case 2:
      fuzz::CheckTokenRequest<v1::ExplainRequest>(bytes, Validate);
      break;
    case 3:
      fuzz::CheckRedeem(bytes);
      break;
    case 4:
      fuzz::CheckRevoke(bytes);
      break;
    case 5:
      fuzz::CheckRestore(bytes);
      break;
    default:
      fuzz::CheckExplain(bytes);
  }
  return 0;
}
