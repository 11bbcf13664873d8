#include "tests/idp/errors.h"

#include <algorithm>
#include <array>
#include <cstdlib>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_replace.h"
#include "tests/idp/errors_injected.h"
#include "tests/idp/oauth_errors.h"

namespace behalf::idp {
namespace {

constexpr auto kRows = std::to_array<ErrorRow>({
    {50012, kClient, 401, "Authentication failed. $0"},
    {50013, kGrant, 400, "Assertion failed signature validation. [Reason - $0]"},
    {50011, kRequest, 400,
     "The redirect URI '$0' specified in the request does not match the redirect URIs configured "
     "for the application '$1'. Make sure the redirect URI sent in the request matches one added "
     "to your application."},
    {50034, kGrant, 400,
     "The user account $0 does not exist in the $1 directory. To sign into this application, the "
     "account must be added to the directory."},
    {50057, kGrant, 400, "The user account is disabled."},
    {50058, "login_required", 400, "A silent sign-in request was sent but no user is signed in."},
    {50076, kInteraction, 400,
     "Due to a configuration change made by your administrator, or because you moved to a new "
     "location, you must use multi-factor authentication to access '$0'.",
     "basic_action"},
    {50105, kGrant, 400,
     "Your administrator has configured the application $2 ('$1') to block users unless they are "
     "specifically granted ('assigned') access to the application. The signed in user '$0' is "
     "blocked because they are not a direct member of a group with access, nor had access directly "
     "assigned by an administrator."},
    {50126, kGrant, 400, "Error validating credentials due to invalid username or password."},
    {53003, "interaction_required", 400,
     "Access has been blocked by Conditional Access policies. The access policy does not allow "
     "token issuance."},
    {54005, kGrant, 400,
     "OAuth2 Authorization code was already redeemed, please retry with a new valid code or use an "
     "existing refresh token."},
    {65001, kGrant, 400,
     "The user or administrator has not consented to use the application with ID '$0' named '$1'. "
     "Send an interactive authorization request for this user and resource.",
     "consent_required"},
    {65004, kGrant, 400, "User declined to consent to access the app."},
    {70000, kGrant, 400, "Provided grant is invalid or malformed.", "bad_token"},
    {70003, "unsupported_grant_type", 400, "The app requested an unsupported grant type '$0'."},
    {70008, kGrant, 400,
     "The provided authorization code or refresh token has expired due to inactivity. Send a new "
     "interactive authorization request for this user and resource."},
    {70011, kScope, 400,
     "The provided value for the input parameter 'scope' is not valid. The scope '$0' is not "
     "valid."},
    // The numbers of 70014 and 70017 are not confirmed; their errors are.
    {70014, "slow_down", 400,
     "OAuth 2.0 device flow error. The client asks too often. Slow down polling."},
    {70016, "authorization_pending", 400,
     "OAuth 2.0 device flow error. Authorization is pending. Continue polling."},
    {70017, "authorization_declined", 400,
     "OAuth 2.0 device flow error. The user has denied the authorization."},
    {70018, "bad_verification_code", 400,
     "Invalid verification code due to User typing in wrong user code for device code flow."},
    {70020, "expired_token", 400,
     "The provided value for the input parameter 'device_code' is not valid. This device code has "
     "expired."},
    {70025, kClient, 401, "The client '$0' has no configured federated identity credentials."},
    {82001, kUnauthorized, 400,
     "Agentic application '$0' is not permitted to request app-only tokens for resource '$1'."},
    {82002, kUnauthorized, 400,
     "Agentic application '$0' is not permitted to request tokens on behalf of a user."},
    {82018, kUnauthorized, 400,
     "Response types other than none are not allowed for agent blueprints and agent Identities."},
    {90002, kRequest, 400,
     "Tenant '$0' not found. Check to make sure you have the correct tenant ID and are signing "
     "into the correct cloud. Check with your subscription administrator, this may happen if there "
     "are no active subscriptions for the tenant."},
    {90055, "temporarily_unavailable", 429,
     "The tenant has exceeded its request limits and is being throttled."},
    {240002, kGrant, 400,
     "Input id_token cannot be used as 'urn:ietf:params:oauth:grant-type:jwt-bearer' grant."},
    {500011, kResource, 400,
     "The resource principal named $0 was not found in the tenant named $1. This can happen if the "
     "application has not been installed by the administrator of the tenant or consented to by any "
     "user in the tenant. You might have sent your authentication request to the wrong tenant."},
    {500112, kGrant, 400,
     "The reply address '$0' does not match the reply address '$1' provided when requesting "
     "Authorization code."},
    {500131, kGrant, 400,
     "Assertion audience does not match the Client app presenting the assertion. The audience in "
     "the assertion was '$0' and the expected audience is '$1' or one of the Application Uris of "
     "this application with App ID '$2'."},
    {500133, kGrant, 400,
     "Assertion is not within its valid time range. Ensure that the access token is not expired "
     "before using it for user assertion, or request a new token. Current time: $0, expiry time of "
     "assertion $1."},
    {501481, kGrant, 400,
     "The Code_Verifier does not match the code_challenge supplied in the authorization request."},
    {700016, kUnauthorized, 400,
     "Application with identifier '$0' was not found in the directory '$1'. This can happen if the "
     "application has not been installed by the administrator of the tenant or consented to by any "
     "user in the tenant. You may have sent your authentication request to the wrong tenant."},
    {700022, kScope, 400,
     "The provided value for the input parameter scope is not valid because it contains more than "
     "one resource. Scope $0 is not valid."},
    {700024, kClient, 401,
     "Client assertion is not within its valid time range. Current time: $0, assertion valid from "
     "$1, expiry time of assertion $2."},
    {700025, kClient, 401,
     "Client is public so neither 'client_assertion' nor 'client_secret' should be presented."},
    {700027, kClient, 401, "Client assertion failed signature validation. [Reason - $0]"},
    {700051, "unsupported_response_type", 400,
     "response_type '$0' is not enabled for the application."},
    {700082, kGrant, 400,
     "The refresh token has expired due to inactivity. The token was issued on $0 and was inactive "
     "for $1."},
    {700211, kClient, 401,
     "No matching federated identity record found for presented assertion issuer '$0'."},
    {700212, kClient, 401,
     "No matching federated identity record found for presented assertion audience '$0'."},
    {700213, kClient, 401,
     "No matching federated identity record found for presented assertion subject '$0'."},
    {700229, kClient, 401,
     "Only app-only tokens can be used as Federated Identity Credentials for AAD issuer."},
    {900144, kRequest, 400, "The request body must contain the following parameter: '$0'."},
    {900561, kRequest, 400, "The endpoint only accepts POST requests. Received a $0 request."},
    {1002012, kScope, 400,
     "The provided value for scope $0 is not valid. Client credential flows must have a scope "
     "value with /.default suffixed to the resource identifier (application ID URI)."},
    {7000114, kGrant, 400,
     "Application '$0' is not allowed to make application on-behalf-of calls."},
    {7000215, kClient, 401,
     "Invalid client secret provided. Ensure the secret being sent in the request is the client "
     "secret value, not the client secret ID, for a secret added to app '$0'."},
    {7000218, kClient, 401,
     "The request body must contain the following parameter: 'client_assertion' or "
     "'client_secret'."},
    {7000222, kClient, 401,
     "The provided client secret keys for app '$0' are expired. Visit the Azure portal to create "
     "new keys for your app, or consider using certificate credentials for added security."},
    {9002313, kRequest, 400, "Invalid request. Request is malformed or invalid. $0"},
});

}  // namespace

std::span<const ErrorRow> AllErrors() { return kRows; }

const ErrorRow& RowOf(int code) {
  for (const std::span<const ErrorRow> rows : {AllErrors(), InjectedErrors()}) {
    const auto row = std::find_if(rows.begin(), rows.end(), [&](const ErrorRow& candidate) {
      return candidate.code == code;
    });
    if (row != rows.end()) return *row;
  }
  std::abort();
}

std::string Describe(const Refusal& refusal) {
  const std::string_view text = RowOf(refusal.code).text;
  std::vector<std::pair<std::string, std::string>> replacements;
  for (std::size_t i = 0; i < refusal.details.size(); ++i) {
    replacements.emplace_back(absl::StrCat("$", i), refusal.details[i]);
  }
  return absl::StrCat("AADSTS", refusal.code, ": ",
                      absl::StrReplaceAll({text.data(), text.size()}, replacements));
}

}  // namespace behalf::idp
