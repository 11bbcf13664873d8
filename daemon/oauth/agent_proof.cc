#include "daemon/oauth/agent_proof.h"

#include <utility>

#include "absl/strings/str_cat.h"
#include "daemon/base/cancel.h"
#include "daemon/base/error.h"
#include "daemon/oauth/echoes.h"
#include "daemon/oauth/entra_errors.h"
#include "daemon/oauth/entra_request.h"
#include "daemon/oauth/token_response.h"

namespace behalf {
namespace {

constexpr std::size_t kMaxBytes = 32 << 20;
constexpr std::size_t kMaxRefusalBytes = 1 << 20;
constexpr std::size_t kMaxWaiters = 10000;
constexpr absl::Duration kMargin = absl::Minutes(5);

// Resolved values only; the provider's digest covers its endpoint and trust.
std::string KeyOf(const ExchangeRequest& request) {
  return absl::StrCat(request.provider().digest, "/", request.blueprint().client_id, "/",
                      request.agent->id);
}

// Who has the new credential does not wait for a proof by the old one.
std::string FlightKeyOf(const ExchangeRequest& request, const std::string& basis) {
  return absl::StrCat(KeyOf(request), "/", basis);
}

ProofPtr Share(SecretString token) {
  return std::make_shared<const SecretString>(std::move(token));
}

}  // namespace

AgentProofs::AgentProofs(HttpClient& http, ClientCredentials& credentials, Executor& executor,
                         const Clock& clock)
    : http_(http),
      credentials_(credentials),
      clock_(clock),
      kept_(kMaxBytes),
      refusals_(kMaxRefusalBytes),
      flights_(executor, kMaxWaiters) {}

Task<absl::StatusOr<ProofPtr>> AgentProofs::Get(const ExchangeRequest& request,
                                                absl::Duration timeout) {
  const auto basis = credentials_.BasisOf(request.blueprint());
  if (!basis.ok()) co_return basis.status();
  if (auto known = Known(request, *basis)) co_return *std::move(known);
  CancelPoint nobody_leaves;
  std::string key = FlightKeyOf(request, *basis);
  auto work = [this, request, basis = *basis, timeout] { return Fly(request, basis, timeout); };
  co_return co_await flights_.Join(std::move(key), std::move(work), nobody_leaves);
}

// What need not be asked for: a proof, or that there is none for now.
std::optional<absl::StatusOr<ProofPtr>> AgentProofs::Known(const ExchangeRequest& request,
                                                           const std::string& basis) {
  const auto kept = kept_.Get(KeyOf(request));
  if (kept && kept->basis == basis && clock_.Now() < kept->use_until) {
    return ProofPtr(kept, &kept->token);
  }
  if (auto refusal = refusals_.Recall(FlightKeyOf(request, basis), clock_.Now())) {
    return *std::move(refusal);
  }
  return std::nullopt;
}

// A flight may begin just after another of its key has ended, hence the second
// look; it keeps what came of it before it ends, so that nobody misses both.
Task<absl::StatusOr<ProofPtr>> AgentProofs::Fly(ExchangeRequest request, std::string basis,
                                                absl::Duration timeout) {
  if (auto known = Known(request, basis)) co_return *std::move(known);
  auto proof = co_await Ask(request, timeout);
  if (!proof.ok()) {
    refusals_.Keep(FlightKeyOf(request, basis), proof.status(), clock_.Now());
  }
  co_return proof;
}

void AgentProofs::Drop(const ExchangeRequest& request) {
  kept_.Erase(KeyOf(request));
  credentials_.ReadAgain(request.blueprint());
}

Task<absl::StatusOr<ProofPtr>> AgentProofs::Ask(ExchangeRequest request, absl::Duration timeout) {
  const auto credential = credentials_.For(request.blueprint());
  if (!credential.ok()) co_return credential.status();
  HttpRequest post = EntraPost(request.provider(), timeout);
  post.form = AgentProofForm(request.blueprint(), *request.agent, *credential);
  const std::string correlation_id = post.correlation_id;
  const auto response = co_await http_.Send(std::move(post));
  if (!response.ok()) co_return WithCorrelation(response.status(), correlation_id);
  if (response->status != 200) {
    const absl::Status refusal =
        WithoutEchoes(EntraError(*response, EntraLeg::kCredential),
                      {credential->client_secret.Reveal(), credential->client_assertion.Reveal()});
    co_return WithCorrelation(refusal, correlation_id);
  }

  auto reply = ParseTokenResponse(*response);
  if (!reply.ok()) co_return WithCorrelation(reply.status(), correlation_id);
  const absl::Duration lifetime = absl::Seconds(reply->expires_in.value_or(0));
  ProofPtr proof = Share(reply->access_token.Clone());
  Keep(request, credential->basis, std::move(reply->access_token), lifetime);
  co_return proof;
}

void AgentProofs::Keep(const ExchangeRequest& request, std::string basis, SecretString token,
                       absl::Duration lifetime) {
  if (lifetime <= kMargin) return;
  std::string key = KeyOf(request);
  const std::size_t bytes = token.size() + key.size() + 256;
  auto kept = std::make_shared<Kept>();
  kept->token = std::move(token);
  kept->basis = std::move(basis);
  kept->use_until = clock_.Now() + lifetime - kMargin;
  kept_.Put(std::move(key), std::move(kept), bytes);
}

}  // namespace behalf
