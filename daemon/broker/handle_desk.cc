#include "daemon/broker/handle_desk.h"

#include "daemon/base/error.h"
#include "daemon/base/length_prefixed.h"
#include "daemon/crypto/digest.h"
#include "daemon/crypto/random.h"
#include "daemon/crypto/seal.h"
#include "daemon/jose/base64url.h"

namespace behalf {
namespace {

constexpr std::size_t kHandleBytes = 32;

// Sealed bytes are bound to their row and purpose, so that none can be put in
// another's place.
std::string Binding(std::string_view id, std::string_view purpose) {
  std::string binding;
  AppendPart(binding, purpose);
  AppendPart(binding, id);
  return binding;
}

OpenedHandle Derive(const SecretString& bytes) {
  OpenedHandle handle;
  handle.id = Hkdf(bytes, "id", 32);
  handle.key = SecretString(Hkdf(bytes, "key", 32));
  return handle;
}

std::string RequestDigest(std::string_view tool, std::string_view request_id) {
  if (request_id.empty()) return RandomBytes(32);
  std::string text;
  AppendPart(text, tool);
  AppendPart(text, request_id);
  return Sha256(text);
}

// The redemption that reserved the row is taken for dead (its daemon was killed)
// and asks again. If it is not, one of the two loses the row before it answers.
bool WasLeftBehind(const HandleRow& row, std::string_view digest, absl::Time now) {
  return row.state == HandleState::kReserved && now - row.changed_at > kReservationLife &&
         ConstantTimeEquals(row.request_digest, digest);
}

// What a row that is reserved or spent means for the redemption `digest`.
absl::StatusOr<Reservation> Judge(const OpenedHandle& handle, std::string_view digest,
                                  absl::Time now) {
  const HandleRow& row = handle.row;
  const bool same = ConstantTimeEquals(row.request_digest, digest);
  if (row.state == HandleState::kReserved && same) {
    return MakeError(ErrorDetail{.reason = Reason::kHandleInUse, .retry_after = absl::Seconds(1)});
  }
  const bool in_window = now - row.changed_at <= kRepeatWindow;
  if (row.state == HandleState::kReserved || !same || !in_window) {
    return MakeError(Reason::kHandleSpent);
  }
  const auto plain = Unseal(handle.key.Reveal(), row.sealed_answer, Binding(handle.id, "answer"));
  Reservation reservation;
  if (plain.ok()) reservation.repeated = DecodeToken(plain->Reveal());
  if (!reservation.repeated) return MakeError(Reason::kHandleSpent);
  return reservation;
}

}  // namespace

Task<absl::StatusOr<SecretString>> HandleDesk::Create(Grant grant, absl::Time expires_at,
                                                      absl::Time now) {
  const SecretString bytes(RandomBytes(kHandleBytes));
  const OpenedHandle handle = Derive(bytes);
  const SecretString plain = EncodeGrant(grant);
  auto sealed = Seal(handle.key.Reveal(), plain.Reveal(), Binding(handle.id, "grant"));
  if (!sealed.ok()) co_return sealed.status();
  HandleRow row;
  row.sealed = *std::move(sealed);
  row.expires_at = expires_at;
  row.changed_at = now;
  const absl::Status inserted = co_await store_.Insert(handle.id, std::move(row));
  if (!inserted.ok()) co_return inserted;
  co_return SecretString(Base64UrlEncode(bytes.Reveal()));
}

Task<absl::StatusOr<OpenedHandle>> HandleDesk::Open(SecretString handle_text) {
  auto bytes = Base64UrlDecode(handle_text.Reveal());
  if (!bytes || bytes->size() != kHandleBytes) co_return MakeError(Reason::kHandleUnknown);
  OpenedHandle handle = Derive(SecretString(*std::move(bytes)));
  auto row = co_await store_.Find(handle.id);
  if (!row.ok()) co_return row.status();
  handle.row = *std::move(row);
  const auto plain = Unseal(handle.key.Reveal(), handle.row.sealed, Binding(handle.id, "grant"));
  if (!plain.ok()) co_return MakeError(Reason::kHandleUnknown);
  auto grant = DecodeGrant(plain->Reveal());
  if (!grant) co_return MakeError(Reason::kHandleUnknown);
  handle.grant = *std::move(grant);
  co_return std::move(handle);
}

Task<absl::StatusOr<Reservation>> HandleDesk::Reserve(OpenedHandle& handle,
                                                      std::string_view request_id, absl::Time now) {
  const std::string digest = RequestDigest(handle.grant.tool, request_id);
  const bool open =
      handle.row.state == HandleState::kOpen || WasLeftBehind(handle.row, digest, now);
  if (!open) co_return Judge(handle, digest, now);
  if (now >= handle.row.expires_at) co_return MakeError(Reason::kHandleExpired);

  handle.row.request_digest = digest;
  const auto won = co_await Move(handle, HandleState::kReserved, now);
  if (!won.ok()) co_return won.status();
  if (*won) co_return Reservation();
  auto row = co_await store_.Find(handle.id);
  if (!row.ok()) co_return row.status();
  handle.row = *std::move(row);
  if (handle.row.state == HandleState::kOpen) co_return MakeError(Reason::kHandleInUse);
  co_return Judge(handle, digest, now);
}

Task<absl::Status> HandleDesk::Reopen(OpenedHandle& handle, absl::Time now) {
  handle.row.request_digest.clear();
  const auto moved = co_await Move(handle, HandleState::kOpen, now);
  co_return moved.status();
}

Task<absl::Status> HandleDesk::Spend(OpenedHandle& handle, const ApiToken* answer, absl::Time now) {
  if (answer != nullptr) {
    const SecretString plain = EncodeToken(*answer);
    auto sealed = Seal(handle.key.Reveal(), plain.Reveal(), Binding(handle.id, "answer"));
    if (!sealed.ok()) co_return sealed.status();
    handle.row.sealed_answer = *std::move(sealed);
  }
  const auto moved = co_await Move(handle, HandleState::kSpent, now);
  if (moved.ok() && !*moved) co_return MakeError(Reason::kHandleSpent);
  co_return moved.status();
}

// The row as it will be is prepared in `handle`; only the store's version
// decides whether it becomes so.
Task<absl::StatusOr<bool>> HandleDesk::Move(OpenedHandle& handle, HandleState to, absl::Time now) {
  handle.row.state = to;
  handle.row.changed_at = now;
  const auto replaced = co_await store_.Replace(handle.id, handle.row.version, handle.row);
  if (replaced.ok() && *replaced) ++handle.row.version;
  co_return replaced;
}

}  // namespace behalf
