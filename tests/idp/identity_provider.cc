#include "tests/idp/identity_provider.h"

#include <algorithm>
#include <array>

#include "tests/idp/authorize_endpoint.h"
#include "tests/idp/device_endpoint.h"
#include "tests/idp/guid.h"
#include "tests/idp/mail_api.h"
#include "tests/idp/metadata.h"
#include "tests/idp/replies.h"
#include "tests/idp/token_endpoint.h"

namespace behalf::idp {
namespace {

enum class Place { kMetadata, kKeys, kToken, kAuthorize, kDeviceCode, kDevicePage };

// Behind the tenant.
struct PlaceOfPath {
  std::string_view path;
  Place place;
};
constexpr auto kRoutes = std::to_array<PlaceOfPath>({
    {"/v2.0/.well-known/openid-configuration", Place::kMetadata},
    {"/discovery/v2.0/keys", Place::kKeys},
    {"/oauth2/v2.0/token", Place::kToken},
    {"/oauth2/v2.0/authorize", Place::kAuthorize},
    {"/oauth2/v2.0/devicecode", Place::kDeviceCode},
    {"/oauth2/deviceauth", Place::kDevicePage},
});

bool IsRead(Place place) { return place == Place::kMetadata || place == Place::kKeys; }

constexpr std::string_view kCorrelation = "client-request-id";

std::optional<std::string> GuidIn(std::string_view form_text) {
  const std::optional<Form> form = Form::Parse(form_text);
  const auto value = form.has_value() ? form->Get(kCorrelation) : std::nullopt;
  return value.has_value() ? ParseGuid(*value) : std::nullopt;
}

}  // namespace

IdentityProvider::IdentityProvider(const Directory& directory, const SigningKeys& keys,
                                   const Clock& clock, RandomSource& random,
                                   std::shared_ptr<Memory> memory)
    : directory_(directory),
      clock_(clock),
      random_(random),
      memory_(std::move(memory)),
      issuer_(keys, random, *memory_),
      flows_(AllFlows(issuer_)) {}

Response IdentityProvider::Handle(const Request& request) const {
  const Trace trace = TraceOf(request);
  Response response = Route(request, trace);
  response.headers.emplace_back("x-ms-request-id", trace.trace_id);
  response.headers.emplace_back(kCorrelation, trace.correlation_id);
  response.facts.emplace_back("correlation_id", trace.correlation_id);
  return response;
}

Response IdentityProvider::Route(const Request& request, const Trace& trace) const {
  if (IsMailApi(request)) {
    return AnswerMailApi({directory_, issuer_.keys(), clock_.Now()}, request, trace);
  }
  if (request.path == "/common/discovery/instance") return InstanceDiscovery(request);
  const std::size_t slash = request.path.find('/', 1);
  if (slash == std::string::npos) return NotFound();
  const std::string_view path = request.path;
  return RouteTenant(request, path.substr(1, slash - 1), path.substr(slash), trace);
}

Response IdentityProvider::RouteTenant(const Request& request, std::string_view tenant,
                                       std::string_view path, const Trace& trace) const {
  const Tenant* found = directory_.FindTenant(tenant);
  const auto served = std::find_if(kRoutes.begin(), kRoutes.end(),
                                   [&](const auto& route) { return route.path == path; });
  if (served == kRoutes.end()) return NotFound();
  const absl::Time now = clock_.Now();
  if (found == nullptr) return ErrorReply(Refusal{90002, {std::string(tenant)}}, trace, now);
  if (IsRead(served->place) && request.method != "GET") return MethodNotAllowed();
  switch (served->place) {
    case Place::kToken:
      return AnswerTokenRequest(flows_, *found, request, trace, now, memory_->rates);
    case Place::kAuthorize:
      return AnswerAuthorize({*found, request, trace, now, *memory_, random_});
    case Place::kDeviceCode:
      return AnswerDeviceCode({*found, request, trace, now, *memory_, random_});
    case Place::kDevicePage:
      return AnswerDevicePage({*found, request, trace, now, *memory_, random_});
    case Place::kMetadata:
      return OpenIdConfiguration(*found, request);
    case Place::kKeys:
      return PublishedKeys(issuer_.keys());
  }
  return NotFound();
}

Trace IdentityProvider::TraceOf(const Request& request) const {
  const auto header = request.headers.find(kCorrelation);
  std::optional<std::string> correlation =
      header == request.headers.end() ? std::nullopt : ParseGuid(header->second);
  if (!correlation.has_value()) correlation = GuidIn(request.query);
  if (!correlation.has_value()) correlation = GuidIn(request.body);
  if (!correlation.has_value()) correlation = RandomGuid(random_);
  return {RandomGuid(random_), *correlation};
}

}  // namespace behalf::idp
