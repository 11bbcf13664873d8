#include "tests/idp/metadata.h"

#include <boost/json/array.hpp>

#include "tests/idp/replies.h"
#include "tests/idp/tokens.h"

namespace behalf::idp {

Response OpenIdConfiguration(const Tenant& tenant, const Request& request) {
  const std::string root = request.base_url + "/" + tenant.id;
  return JsonReply(
      200, {{"token_endpoint", root + "/oauth2/v2.0/token"},
            {"token_endpoint_auth_methods_supported",
             json::array{"client_secret_post", "client_secret_basic", "private_key_jwt"}},
            {"jwks_uri", root + "/discovery/v2.0/keys"},
            {"response_modes_supported", json::array{"query", "fragment", "form_post"}},
            {"subject_types_supported", json::array{"pairwise"}},
            {"id_token_signing_alg_values_supported", json::array{"RS256"}},
            {"response_types_supported", json::array{"code"}},
            {"scopes_supported", json::array{"openid", "profile", "email", "offline_access"}},
            {"issuer", IssuerV2(tenant, request.base_url)},
            {"authorization_endpoint", root + "/oauth2/v2.0/authorize"},
            {"device_authorization_endpoint", root + "/oauth2/v2.0/devicecode"},
            {"tenant_region_scope", "EU"},
            {"cloud_instance_name", "microsoftonline.com"}});
}

Response InstanceDiscovery(const Request& request) {
  const std::string host = request.base_url.substr(request.base_url.find("//") + 2);
  const json::object network{
      {"preferred_network", host}, {"preferred_cache", host}, {"aliases", json::array{host}}};
  return JsonReply(200, {{"tenant_discovery_endpoint",
                          request.base_url + "/common/v2.0/.well-known/openid-configuration"},
                         {"api-version", "1.1"},
                         {"metadata", json::array{network}}});
}

Response PublishedKeys(const SigningKeys& keys) {
  json::array set;
  for (const auto& key : keys.all()) {
    set.push_back(json::object{{"kty", "RSA"},
                               {"use", "sig"},
                               {"kid", key->id()},
                               {"n", key->modulus()},
                               {"e", key->exponent()}});
  }
  return JsonReply(200, {{"keys", set}});
}

}  // namespace behalf::idp
