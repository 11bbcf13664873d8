#include "daemon/oauth/exchangers.h"

#include <utility>

#include "daemon/base/error.h"
#include "daemon/oauth/entra_reply.h"
#include "daemon/oauth/exchange_key.h"

namespace behalf {
namespace {

std::size_t BytesOf(const ApiToken& token) {
  std::size_t bytes = 512 + token.value.size();
  for (const std::string& scope : token.scopes) bytes += sizeof(scope) + scope.size();
  return bytes;
}

}  // namespace

Task<absl::StatusOr<Exchanged>> VerifyingExchanger::Exchange(ExchangeRequest request,
                                                             CallContext&) {
  auto reply = co_await dialect_.Ask(request, timeout_);
  if (!reply.ok()) co_return reply.status();
  auto token = dialect_.Check(*std::move(reply), request, clock_.Now());
  if (!token.ok()) co_return token.status();
  co_return Exchanged{.token = std::make_shared<const ApiToken>(*std::move(token)),
                      .cached = false};
}

Task<absl::StatusOr<Exchanged>> CachingExchanger::Exchange(ExchangeRequest request,
                                                           CallContext& call) {
  std::string key = ExchangeKey(request);
  if (ApiTokenPtr token = Reusable(key, request)) {
    co_return Exchanged{.token = std::move(token), .cached = true};
  }
  auto work = [this, key, request] { return Fly(key, request); };
  co_return co_await flights_.Join(std::move(key), std::move(work), call.cancel);
}

// A flight may begin just after another of its key has ended, hence the second
// look; it keeps its token before it ends, so that nobody misses both.
Task<absl::StatusOr<Exchanged>> CachingExchanger::Fly(std::string key, ExchangeRequest request) {
  if (ApiTokenPtr token = Reusable(key, request)) {
    co_return Exchanged{.token = std::move(token), .cached = true};
  }
  CallContext nobodys(absl::InfiniteFuture());
  const bool reusable = request.reuse_for > absl::ZeroDuration();
  const std::uint64_t epoch = epoch_();
  auto fresh = co_await inner_.Exchange(std::move(request), nobodys);
  const bool keep = reusable && epoch == epoch_();
  if (fresh.ok() && keep) tokens_.Put(std::move(key), fresh->token, BytesOf(*fresh->token));
  co_return fresh;
}

void CachingExchanger::Forget(const ExchangeRequest& request) {
  tokens_.Erase(ExchangeKey(request));
}

ApiTokenPtr CachingExchanger::Reusable(const std::string& key, const ExchangeRequest& request) {
  if (request.reuse_for <= absl::ZeroDuration()) return nullptr;
  ApiTokenPtr token = tokens_.Get(key);
  if (!token) return nullptr;
  const absl::Time now = clock_.Now();
  const bool young = now - token->obtained_at < request.reuse_for;
  if (young && CheckLimits(*token, request, now).ok()) return token;
  return nullptr;
}

}  // namespace behalf
