#include "daemon/oauth/signing_keys.h"

#include <utility>

#include "absl/container/flat_hash_set.h"
#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "daemon/base/error.h"
#include "daemon/jose/json.h"

namespace behalf {
namespace {

constexpr std::size_t kMaxWaiters = 10000;

absl::Status Unavailable(std::string message) {
  return MakeError(
      ErrorDetail{.reason = Reason::kKeysUnavailable, .retry_after = SigningKeys::kCooldown},
      message);
}

// The metadata must be of the issuer that was configured, and its keys on the
// same origin: metadata from elsewhere would choose who may sign.
absl::StatusOr<std::string> KeysUrl(const Provider& provider, std::string_view body) {
  const auto metadata = JsonObject::Parse(body);
  if (!metadata.ok()) return Unavailable("the issuer's metadata is not a JSON object");
  if (metadata->String("issuer").value_or("") != provider.issuer_v2) {
    return Unavailable("the issuer's metadata names another issuer");
  }
  std::string url(metadata->String("jwks_uri").value_or(""));
  if (!absl::StartsWith(url, absl::StrCat(provider.authority, "/"))) {
    return Unavailable("the issuer's metadata names keys on another origin");
  }
  return url;
}

}  // namespace

SigningKeys::SigningKeys(HttpClient& http, Executor& executor, const Clock& clock)
    : http_(http), clock_(clock), flights_(executor, kMaxWaiters) {}

Task<absl::StatusOr<KeySetPtr>> SigningKeys::Find(const Provider& provider, std::string key_id,
                                                  CallContext& call) {
  const State state = StateOf(provider);
  const absl::Duration age = clock_.Now() - state.fetched_at;
  if (state.keys && age < kMaxAge && state.keys->Find(key_id) != nullptr) {
    RefreshAhead(provider, state);
    co_return state.keys;
  }
  Outcome keys = co_await flights_.Join(provider.digest, Refresh(provider), call.cancel);
  if (keys.ok() && (*keys)->Find(key_id) == nullptr) {
    co_return MakeError(
        ErrorDetail{.reason = Reason::kSubjectKeyUnknown, .retry_after = kCooldown});
  }
  co_return keys;
}

KeySetPtr SigningKeys::Known(const Provider& provider) {
  const State state = StateOf(provider);
  if (!state.keys || clock_.Now() - state.fetched_at >= kMaxAge) return nullptr;
  RefreshAhead(provider, state);
  return state.keys;
}

void SigningKeys::KeepFresh(const Catalog& catalog) {
  for (const auto& provider : catalog.providers()) {
    const State state = StateOf(*provider);
    if (state.keys) RefreshAhead(*provider, state);
  }
}

SigningKeys::State SigningKeys::StateOf(const Provider& provider) const {
  absl::MutexLock lock(&mutex_);
  const auto it = states_.find(provider.digest);
  return it == states_.end() ? State{} : it->second;
}

void SigningKeys::Follow(const Catalog& catalog) {
  absl::flat_hash_set<std::string> named;
  for (const auto& provider : catalog.providers()) named.insert(provider->digest);
  absl::MutexLock lock(&mutex_);
  absl::erase_if(states_, [&](const auto& entry) { return !named.contains(entry.first); });
}

// The old set serves meanwhile.
void SigningKeys::RefreshAhead(const Provider& provider, const State& state) {
  const absl::Time now = clock_.Now();
  if (now - state.fetched_at <= kRefreshAfter || now - state.tried_at < kCooldown) return;
  flights_.Prefetch(provider.digest, Refresh(provider));
}

SingleFlight<KeySetPtr>::Work SigningKeys::Refresh(const Provider& provider) {
  return [this, copy = std::make_shared<const Provider>(provider)] { return RefreshNow(copy); };
}

Task<SigningKeys::Outcome> SigningKeys::RefreshNow(std::shared_ptr<const Provider> provider) {
  const absl::Time now = clock_.Now();
  State state;
  bool cooling_down = false;
  {
    absl::MutexLock lock(&mutex_);
    State& kept = states_[provider->digest];
    cooling_down = now - kept.tried_at < kCooldown;
    if (!cooling_down) kept.tried_at = now;
    state = kept;
  }
  if (!cooling_down) {
    Outcome fetched = co_await Fetch(provider);
    Remember(*provider, fetched);
    if (fetched.ok()) co_return fetched;
    state.problem = fetched.status();
  }
  if (state.keys && now - state.fetched_at < kMaxAge) co_return state.keys;
  if (!state.problem.ok()) co_return state.problem;
  co_return Unavailable("the issuer's signing keys are not known yet");
}

void SigningKeys::Remember(const Provider& provider, const Outcome& outcome) {
  absl::MutexLock lock(&mutex_);
  State& kept = states_[provider.digest];
  kept.problem = outcome.status();
  if (!outcome.ok()) return;
  kept.keys = *outcome;
  kept.fetched_at = clock_.Now();
}

Task<SigningKeys::Outcome> SigningKeys::Fetch(std::shared_ptr<const Provider> provider) {
  const auto metadata = co_await Get(provider, provider->metadata_url);
  if (!metadata.ok()) co_return metadata.status();
  auto url = KeysUrl(*provider, metadata->body.Reveal());
  if (!url.ok()) co_return url.status();
  const auto keys = co_await Get(provider, *std::move(url));
  if (!keys.ok()) co_return keys.status();
  co_return KeySet::Parse(keys->body.Reveal());
}

Task<absl::StatusOr<HttpResponse>> SigningKeys::Get(std::shared_ptr<const Provider> provider,
                                                    std::string url) {
  HttpRequest request(std::move(url));
  request.ca_file = provider->ca_file;
  request.proxy = provider->proxy;
  request.provider = provider->name;
  request.max_body = KeySet::kMaxBytes;
  auto response = co_await http_.Send(std::move(request));
  if (!response.ok()) co_return Unavailable(std::string(response.status().message()));
  if (response->status != 200) {
    co_return Unavailable(absl::StrCat("the issuer answered HTTP ", response->status,
                                       " instead of its metadata or keys"));
  }
  co_return std::move(response);
}

}  // namespace behalf
