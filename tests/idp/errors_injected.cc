#include "tests/idp/errors_injected.h"

#include <array>

#include "tests/idp/oauth_errors.h"

namespace behalf::idp {
namespace {

constexpr auto kRows = std::to_array<ErrorRow>({
    {28002, kScope, 400,
     "Provided value for the input parameter scope is not valid when requesting an access token."},
    {28003, kScope, 400,
     "Provided value for the input parameter scope cannot be empty when requesting an access "
     "token."},
    {50001, kResource, 400, "The resource was not found or is disabled in the tenant."},
    {50033, kTransient, 503, "A transient error has occurred. Please try again."},
    {50048, kClient, 401, "Subject mismatches issuer claim in the client assertion."},
    {50053, kGrant, 400, "The account is locked because of too many failed sign-ins."},
    {50072, kInteraction, 400,
     "Due to a configuration change made by your administrator, you must enroll in multi-factor "
     "authentication.",
     "basic_action"},
    {50074, kInteraction, 400, "Strong authentication is required.", "basic_action"},
    {50078, kInteraction, 400,
     "Presented multi-factor authentication has expired due to policies configured by your "
     "administrator.",
     "basic_action"},
    {50079, kInteraction, 400,
     "Due to a configuration change made by your administrator, you must enroll in multi-factor "
     "authentication to access the resource.",
     "basic_action"},
    {50087, kTransient, 503,
     "A transient error has occurred during strong authentication. Please try again."},
    {50131, kInteraction, 400, "Device is not in required device state."},
    {50132, kGrant, 400,
     "The session is not valid due to password expiration or recent password change."},
    {50133, kGrant, 400, "Session is invalid due to expiration or recent password change."},
    {50158, kInteraction, 400, "External security challenge was not satisfied.", "basic_action"},
    {50173, kGrant, 400,
     "The provided grant has expired due to it being revoked, a fresh auth token is needed."},
    {50177, kGrant, 400, "External challenge is not supported for passthrough users."},
    {50178, kGrant, 400, "Session control is not supported for passthrough users."},
    {50196, kGrant, 400,
     "The server terminated an operation because it encountered a client request loop."},
    {53000, kInteraction, 400, "Device is not in required device state: compliant."},
    {53001, kInteraction, 400, "Device is not in required device state: domain joined."},
    {53002, kInteraction, 400, "The application is not approved for access by Conditional Access."},
    {53004, kInteraction, 400, "Proof-up is blocked because of risk."},
    {53011, kInteraction, 400, "User blocked due to risk on home tenant."},
    {65002, kGrant, 400,
     "Consent between first party application and first party resource must be configured via "
     "preauthorization."},
    {65005, kGrant, 400, "The application required resource access list is not valid."},
    {70001, kUnauthorized, 400, "The application is disabled or was not found in the directory."},
    {70021, kClient, 401, "No matching federated identity record found for presented assertion."},
    {70043, kGrant, 400,
     "The refresh token has expired or is invalid due to sign-in frequency checks by Conditional "
     "Access."},
    {82014, kUnauthorized, 400, "Agent identities cannot be asked for consent interactively."},
    {90006, kTransient, 503, "A transient error has occurred. Please try again."},
    {90008, kRequest, 400,
     "The user or administrator has not consented to use the application. It must require access "
     "to the resource."},
    {90009, kRequest, 400,
     "Application is requesting a token for itself. This scenario is supported only if resource is "
     "specified using the GUID based App Identifier."},
    {90012, kTransient, 503, "The request has timed out."},
    {90014, kRequest, 400, "The required field is missing from the credential."},
    {90023, kRequest, 400, "Invalid STS request."},
    {90024, kTransient, 503, "The request budget was exceeded. Please try again."},
    {90033, kTransient, 503, "A transient error has occurred. Please try again."},
    {90083, kGrant, 400,
     "The request is not supported: an app-only token cannot be the assertion."},
    {90090, kTransient, 503, "Graph returned a transient error. Please try again."},
    {90094, kGrant, 400,
     "Admin consent is required for the permissions requested by this application."},
    {135010, kGrant, 400, "The key was not found."},
    {530032, kInteraction, 400, "Access was blocked by a security policy of the tenant."},
    {530035, kInteraction, 400, "Access has been blocked by security defaults."},
    {650052, kGrant, 400,
     "The app needs access to a service that the organization has not subscribed to or enabled."},
    {650056, kGrant, 400,
     "Misconfigured application: the permissions that it requests are not listed."},
    {650057, kGrant, 400,
     "Invalid resource. The client has requested access to a resource which is not listed in the "
     "requested permissions in the client's application registration."},
    {700011, kUnauthorized, 400, "The application was not found in the directory."},
    {700023, kScope, 400, "The scope is not valid because it names no resource."},
    {700030, kClient, 401, "Invalid certificate: its subject or issuer is not trusted."},
    {700084, kGrant, 400, "The refresh token was issued to a single page app and has expired."},
    {7000112, kUnauthorized, 400, "The application is disabled."},
});

}  // namespace

std::span<const ErrorRow> InjectedErrors() { return kRows; }

}  // namespace behalf::idp
