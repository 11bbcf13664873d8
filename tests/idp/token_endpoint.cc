#include "tests/idp/token_endpoint.h"

#include <algorithm>

#include "absl/strings/match.h"
#include "tests/idp/base64url.h"
#include "tests/idp/guid.h"
#include "tests/idp/replies.h"

namespace behalf::idp {
namespace {

struct Credentials {
  std::string id;
  std::optional<std::string> secret;
};

// RFC 6749 section 2.3.1: both parts are form-encoded inside.
std::optional<Credentials> FromBasic(const Request& request) {
  const auto header = request.headers.find("authorization");
  if (header == request.headers.end()) return std::nullopt;
  constexpr std::string_view kBasic = "basic ";
  const std::string& value = header->second;
  if (!absl::StartsWithIgnoreCase(value, {kBasic.data(), kBasic.size()})) return std::nullopt;
  const auto pair = FromBase64(std::string_view(value).substr(kBasic.size()));
  const std::size_t colon = pair.has_value() ? pair->find(':') : std::string::npos;
  if (colon == std::string::npos) return std::nullopt;
  const auto parts =
      Form::Parse("id=" + pair->substr(0, colon) + "&secret=" + pair->substr(colon + 1));
  if (!parts.has_value() || !parts->Get("id")) return std::nullopt;
  return Credentials{std::string(*parts->Get("id")),
                     std::string(parts->Get("secret").value_or(""))};
}

std::optional<Credentials> ClientCredentials(const Request& request, const Form& form) {
  const auto id = form.Get("client_id");
  if (!id.has_value()) return FromBasic(request);
  const auto secret = form.Get("client_secret");
  if (secret.has_value()) return Credentials{std::string(*id), std::string(*secret)};
  const auto basic = FromBasic(request);
  if (basic.has_value() && basic->id == *id) return basic;
  return Credentials{std::string(*id), std::nullopt};
}

const Flow* FindFlow(const std::vector<std::unique_ptr<Flow>>& flows, std::string_view grant) {
  const auto found = std::find_if(flows.begin(), flows.end(),
                                  [&](const auto& flow) { return flow->grant_type() == grant; });
  return found == flows.end() ? nullptr : found->get();
}

Outcome<json::object> Answer(const Flow& flow, const Tenant& tenant, const Request& request,
                             const Form& form, absl::Time now) {
  const auto client = ClientCredentials(request, form);
  if (!client.has_value()) return Refusal{900144, {"client_id"}};
  return flow.Answer({tenant, form, ParseGuid(client->id).value_or(client->id), client->secret,
                      request.base_url, now});
}

bool Admitted(const Tenant& tenant, const Request& request, const Form& form, absl::Time now,
              RequestRates& rates) {
  const auto client = ClientCredentials(request, form);
  if (!tenant.throttle.has_value() || !client.has_value()) return true;
  const std::string id = ParseGuid(client->id).value_or(client->id);
  return rates.Admit(RateKey(tenant, id, form.Get("scope").value_or("")), *tenant.throttle, now);
}

}  // namespace

Response AnswerTokenRequest(const std::vector<std::unique_ptr<Flow>>& flows, const Tenant& tenant,
                            const Request& request, const Trace& trace, absl::Time now,
                            RequestRates& rates) {
  const auto refuse = [&](Refusal refusal) { return ErrorReply(refusal, trace, now); };
  if (request.method != "POST") return refuse({900561, {request.method}});
  const std::optional<Form> form = Form::Parse(request.body);
  if (!form.has_value()) return refuse({9002313, {"The body is not a form."}});
  const auto grant = form->Get("grant_type");
  if (!grant.has_value()) return refuse({900144, {"grant_type"}});
  const Flow* flow = FindFlow(flows, *grant);
  if (flow == nullptr) return refuse({70003, {std::string(*grant)}});
  if (!Admitted(tenant, request, *form, now, rates)) {
    Response response = refuse({90055});
    response.headers.emplace_back("Retry-After", std::to_string(tenant.throttle->retry_after));
    return response;
  }
  const Outcome<json::object> reply = Answer(*flow, tenant, request, *form, now);
  Response response = reply.ok() ? JsonReply(200, *reply) : refuse(reply.refusal());
  response.facts.emplace_back("grant", flow->grant_type());
  const std::string client(form->Get("client_id").value_or(""));
  if (tenant.HasClient(client)) response.facts.emplace_back("client", client);
  return response;
}

}  // namespace behalf::idp
