#include "daemon/oauth/entra.h"

#include <utility>

#include "absl/strings/str_cat.h"
#include "daemon/base/error.h"
#include "daemon/oauth/echoes.h"
#include "daemon/oauth/entra_errors.h"
#include "daemon/oauth/entra_reply.h"
#include "daemon/oauth/entra_request.h"
#include "daemon/oauth/token_response.h"

namespace behalf {
namespace {

// The time of the proof, or of the token that the blueprint proves itself with,
// is over by the provider's clock, whatever ours says.
bool ProofIsStale(const absl::Status& status) {
  const auto& metadata = DetailOf(status).metadata;
  const auto code = metadata.find("provider_code");
  return code != metadata.end() && code->second == "AADSTS700024";
}

// The id of a trace as Entra takes it for a correlation id: the same 32 digits.
std::string UuidOf(const std::string& trace_id) {
  return absl::StrCat(trace_id.substr(0, 8), "-", trace_id.substr(8, 4), "-",
                      trace_id.substr(12, 4), "-", trace_id.substr(16, 4), "-",
                      trace_id.substr(20));
}

EntraLeg LegOf(Access access) {
  return access == Access::kDelegated ? EntraLeg::kOnBehalfOf : EntraLeg::kCredential;
}

}  // namespace

Task<absl::StatusOr<ProviderReply>> Entra::Ask(const ExchangeRequest& request,
                                               absl::Duration timeout) {
  auto reply = co_await AskOnce(request, timeout);
  if (reply.ok() || !ProofIsStale(reply.status())) co_return reply;
  proofs_.Drop(request);
  co_return co_await AskOnce(request, timeout);
}

Task<absl::StatusOr<ProviderReply>> Entra::AskOnce(const ExchangeRequest& request,
                                                   absl::Duration timeout) {
  const auto authentication = co_await Authenticate(request, timeout);
  if (!authentication.ok()) co_return authentication.status();

  HttpRequest post = EntraPost(request.provider(), timeout);
  if (!request.trace_id.empty()) post.correlation_id = UuidOf(request.trace_id);
  post.form = TokenForm(request, *authentication);
  std::string correlation_id = post.correlation_id;
  const auto response = co_await http_.Send(std::move(post));
  if (!response.ok()) co_return WithCorrelation(response.status(), correlation_id);
  if (response->status != 200) {
    const absl::Status refusal =
        WithoutEchoes(EntraError(*response, LegOf(request.access())),
                      {authentication->client_secret.Reveal(),
                       authentication->client_assertion.Reveal(), request.subject_token()});
    co_return WithCorrelation(refusal, correlation_id);
  }
  auto reply = ParseTokenResponse(*response);
  if (!reply.ok()) co_return WithCorrelation(reply.status(), correlation_id);
  reply->correlation_id = std::move(correlation_id);
  co_return std::move(reply);
}

Task<absl::StatusOr<ClientAuthentication>> Entra::Authenticate(const ExchangeRequest& request,
                                                               absl::Duration timeout) {
  if (request.agent->is_application) co_return credentials_.For(request.blueprint());
  const auto proof = co_await proofs_.Get(request, timeout);
  if (!proof.ok()) co_return proof.status();
  ClientAuthentication authentication;
  authentication.client_assertion = (*proof)->Clone();
  co_return std::move(authentication);
}

absl::StatusOr<ApiToken> Entra::Check(ProviderReply reply, const ExchangeRequest& request,
                                      absl::Time now) const {
  return CheckEntraReply(std::move(reply), request, now);
}

}  // namespace behalf
