#include "daemon/oauth/patient_dialect.h"

#include <string>
#include <utility>

#include "absl/strings/str_cat.h"
#include "daemon/base/error.h"
#include "daemon/base/length_prefixed.h"
#include "daemon/oauth/exchange_key.h"

namespace behalf {
namespace {

// What Entra throttles by: the tenant (part of the endpoint), the client and
// the resource.
std::string ThrottleKey(const ExchangeRequest& request) {
  std::string key;
  AppendPart(key, request.provider().digest);
  AppendPart(key, request.agent->id);
  AppendPart(key, request.api().resource);
  return key;
}

}  // namespace

Task<absl::StatusOr<ProviderReply>> PatientDialect::Ask(const ExchangeRequest& request,
                                                        absl::Duration timeout) {
  const std::string basis = credentials_.BasisOf(request.blueprint()).value_or("");
  const std::string throttle_key = ThrottleKey(request);
  const std::string credential_key = absl::StrCat(throttle_key, "/", basis);
  const std::string key = ExchangeKey(request);
  for (const std::string* known : {&throttle_key, &credential_key, &key}) {
    auto refusal = refusals_.Recall(*known, clock_.Now());
    if (refusal) co_return *std::move(refusal);
  }
  auto reply = co_await inner_.Ask(request, timeout);
  if (reply.ok()) co_return reply;
  const Reason reason = DetailOf(reply.status()).reason;
  const bool of_credential = reason == Reason::kCredentialRefused;
  const bool throttled = reason == Reason::kProviderThrottled;
  refusals_.Keep(throttled ? throttle_key : (of_credential ? credential_key : key), reply.status(),
                 clock_.Now());
  co_return reply;
}

}  // namespace behalf
