#include "daemon/oauth/entra_request.h"

#include <string_view>
#include <utility>

#include "absl/strings/str_cat.h"
#include "daemon/crypto/random.h"

namespace behalf {
namespace {

constexpr std::string_view kJwtBearerGrant = "urn:ietf:params:oauth:grant-type:jwt-bearer";

// All that was consented to, or granted.
std::string DefaultScopeOf(const Api& api) { return absl::StrCat(api.resource, "/.default"); }

std::string ScopeParameter(const Api& api, const std::vector<std::string>& scopes) {
  if (api.request == ScopeRequest::kDefault) return DefaultScopeOf(api);
  std::string parameter;
  for (const std::string& scope : scopes) {
    absl::StrAppend(&parameter, parameter.empty() ? "" : " ", api.resource, "/", scope);
  }
  return parameter;
}

// Forms hold secrets, so they grow in place and move as one.
std::string NewForm() {
  std::string form;
  form.reserve(32 * 1024);
  return form;
}

SecretString Seal(std::string form) {
  SecretString sealed{std::string_view(form)};
  WipeString(form);
  return sealed;
}

}  // namespace

HttpRequest EntraPost(const Provider& provider, absl::Duration timeout) {
  HttpRequest post(provider.token_endpoint);
  post.ca_file = provider.ca_file;
  post.proxy = provider.proxy;
  post.provider = provider.name;
  post.provider_digest = provider.digest;
  post.correlation_id = RandomUuid();
  post.timeout = timeout;
  return post;
}

SecretString AgentProofForm(const Blueprint& blueprint, const Agent& agent,
                            const ClientAuthentication& authentication) {
  std::string form = NewForm();
  AppendFormField(form, "client_id", blueprint.client_id);
  AppendFormField(form, "scope", "api://AzureADTokenExchange/.default");
  AppendFormField(form, "grant_type", "client_credentials");
  AppendFormField(form, "fmi_path", agent.id);
  AppendClientAuthentication(form, authentication);
  return Seal(std::move(form));
}

SecretString TokenForm(const ExchangeRequest& request, const ClientAuthentication& authentication) {
  std::string form = NewForm();
  AppendFormField(form, "client_id", request.agent->id);
  if (request.access() == Access::kApplication) {
    AppendFormField(form, "scope", DefaultScopeOf(request.api()));
    AppendFormField(form, "grant_type", "client_credentials");
  } else {
    AppendFormField(form, "scope", ScopeParameter(request.api(), request.scopes));
    AppendFormField(form, "grant_type", kJwtBearerGrant);
    AppendFormField(form, "requested_token_use", "on_behalf_of");
    AppendFormField(form, "assertion", request.subject_token());
  }
  AppendClientAuthentication(form, authentication);
  return Seal(std::move(form));
}

}  // namespace behalf
