#include "daemon/broker/outstanding_tokens.h"

#include <algorithm>
#include <utility>

#include "absl/strings/str_cat.h"
#include "daemon/broker/revocations.h"

namespace behalf {
namespace {

bool Concerns(const Revocation& revocation, const OutstandingToken& token) {
  const auto names = [&](std::string_view name) {
    return !name.empty() && std::ranges::count(revocation.targets, name) > 0;
  };
  switch (revocation.kind) {
    case RevocationKind::kAll:
      return true;
    case RevocationKind::kBlueprint:
      return names(token.blueprint) || names(token.client_id);
    case RevocationKind::kAgent:
      return names(token.agent) || names(token.agent_id);
    case RevocationKind::kTool:
      return names(token.tool);
    case RevocationKind::kUser:
      return !token.object_id.empty() && (names(UserTarget(token.tenant, token.object_id)) ||
                                          names(UserTarget("", token.object_id)));
    case RevocationKind::kHandle:
      return names(token.handle_digest);
    case RevocationKind::kToken:
      return names(token.digest) || names(token.subject_digest);
  }
  return true;
}

}  // namespace

OutstandingToken OutstandingIn(const AuditRecord& record, const Agent& agent) {
  return {.digest = record.token.digest,
          .api = record.api,
          .agent = agent.name,
          .agent_id = agent.id,
          .blueprint = agent.blueprint->name,
          .client_id = agent.blueprint->client_id,
          .tool = record.tool,
          .tenant = record.user.tid,
          .object_id = record.user.oid,
          .subject_digest = record.subject_digest,
          .handle_digest = record.handle_digest,
          .expires_at = *record.token.expires_at};
}

void OutstandingTokens::Note(OutstandingToken token, absl::Time now) {
  const std::string key = absl::StrCat(token.digest, " ", token.tool);
  const absl::MutexLock lock(&mutex_);
  if (!tokens_.try_emplace(key, std::move(token)).second) return;
  by_age_.push_back(key);
  while (!by_age_.empty()) {
    const auto oldest = tokens_.find(by_age_.front());
    const absl::Time expires_at = oldest->second.expires_at;
    if (expires_at > now && tokens_.size() <= most_) return;
    if (expires_at > now) forgotten_until_ = std::max(forgotten_until_, expires_at);
    tokens_.erase(oldest);
    by_age_.pop_front();
  }
}

OutstandingTokens::List OutstandingTokens::Of(const Revocation& revocation, absl::Time now) const {
  List list;
  {
    const absl::MutexLock lock(&mutex_);
    list.complete = forgotten_until_ <= now;
    for (const auto& [key, token] : tokens_) {
      if (token.expires_at > now && Concerns(revocation, token)) list.tokens.push_back(token);
    }
  }
  std::ranges::sort(list.tokens, {}, &OutstandingToken::expires_at);
  return list;
}

}  // namespace behalf
