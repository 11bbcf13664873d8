#include "absl/strings/str_cat.h"
#include "blueprint/kinds.h"
#include "blueprint/values.h"

namespace behalf::loader {
namespace {

void Derive(const Node&, Provider& provider, Binder&) {
  const std::string base = absl::StrCat(provider.authority, "/", provider.tenant);
  provider.metadata_url = absl::StrCat(base, "/v2.0/.well-known/openid-configuration");
  provider.token_endpoint = absl::StrCat(base, "/oauth2/v2.0/token");
  provider.issuer_v2 = absl::StrCat(base, "/v2.0");
  if (provider.issuer_v1.empty()) {
    provider.issuer_v1 = absl::StrCat("https://sts.windows.net/", provider.tenant, "/");
  }
}

}  // namespace

const Mapping<Provider>& ProviderMapping() {
  static const auto& mapping =
      (new Mapping<Provider>("Provider", "An identity provider: one tenant of Microsoft Entra."))
          ->Required("dialect", &Provider::dialect, OneOf<Dialect>({{"entra", Dialect::kEntra}}),
                     "How the provider is spoken to.")
          .Required("tenant", &Provider::tenant, Guid(),
                    "The tenant's id. Agents and their users belong to it.")
          .Optional("authority", &Provider::authority, HttpsOrigin(),
                    Default{"https://login.microsoftonline.com"},
                    "Where the tenant's endpoints are: another one in sovereign clouds.")
          .Optional("issuerV1", &Provider::issuer_v1, IssuerUrl(),
                    "The issuer in tokens of version 1.0. When absent: "
                    "https://sts.windows.net/ and the tenant and a slash.")
          .Optional("caFile", &Provider::ca_file, FileName("contoso-ca.pem"),
                    "A PEM file: trust these certificates only, in place of the system's. "
                    "Relative to the document.")
          .Optional("proxy", &Provider::proxy, ProxyUrl(),
                    "Reach the provider through this HTTP proxy.")
          .Finally(Derive);
  return mapping;
}

}  // namespace behalf::loader
