#include "daemon/oauth/client_credentials.h"

#include <string_view>

#include "daemon/http/http_client.h"

namespace behalf {
namespace {

constexpr std::string_view kJwtBearer = "urn:ietf:params:oauth:client-assertion-type:jwt-bearer";

}  // namespace

void AppendClientAuthentication(std::string& form, const ClientAuthentication& authentication) {
  if (!authentication.client_secret.empty()) {
    AppendFormField(form, "client_secret", authentication.client_secret.Reveal());
    return;
  }
  AppendFormField(form, "client_assertion_type", kJwtBearer);
  AppendFormField(form, "client_assertion", authentication.client_assertion.Reveal());
}

}  // namespace behalf
