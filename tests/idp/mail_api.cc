#include "tests/idp/mail_api.h"

#include <algorithm>
#include <boost/json/array.hpp>
#include <vector>

#include "absl/strings/match.h"
#include "absl/strings/str_split.h"
#include "tests/idp/replies.h"
#include "tests/idp/tokens.h"

namespace behalf::idp {
namespace {

constexpr std::string_view kAppId = "00000003-0000-0000-c000-000000000000";
constexpr std::string_view kUri = "https://graph.microsoft.com";

constexpr std::string_view kMe = "/v1.0/me";
constexpr std::string_view kUsers = "/v1.0/users/";
constexpr std::string_view kMessages = "/messages";

struct Visitor {
  const Tenant* tenant = nullptr;
  const User* user = nullptr;  // null: an application itself
  std::string denial = {};     // why neither is here; empty: none
  // Delegated permissions of a user, application permissions otherwise.
  std::vector<std::string> permissions = {};
};

std::string Bearer(const Request& request) {
  constexpr std::string_view kScheme = "bearer ";
  const auto header = request.headers.find("authorization");
  if (header == request.headers.end()) return "";
  const std::string& value = header->second;
  const bool bearer = absl::StartsWithIgnoreCase(value, {kScheme.data(), kScheme.size()});
  return bearer ? value.substr(kScheme.size()) : "";
}

std::string Denial(const MailApi& api, const Tenant* tenant, const json::object& claims) {
  const auto text = [&](std::string_view key) { return TextAt(claims, key).value_or(""); };
  const std::string issuer = text("iss");
  if (tenant == nullptr ||
      (issuer != IssuerV1(*tenant) && !issuer.ends_with(IssuerV2(*tenant, "")))) {
    return "Access token validation failure. Invalid issuer.";
  }
  if (text("aud") != kUri && text("aud") != kAppId) {
    return "Access token validation failure. Invalid audience.";
  }
  const absl::Time begins = absl::FromUnixSeconds(NumberAt(claims, "nbf").value_or(0));
  const absl::Time ends = absl::FromUnixSeconds(NumberAt(claims, "exp").value_or(0));
  if (api.now < begins || api.now >= ends) {
    return "Lifetime validation failed, the token is expired.";
  }
  return "";
}

Visitor Identify(const MailApi& api, const Request& request) {
  const std::string token = Bearer(request);
  if (token.empty()) return {.denial = "Access token is empty."};
  const ReadJwt jwt = ReadAndVerifySealed(api.keys, token);
  if (jwt.defect == JwtDefect::kMalformed) {
    return {.denial = "IDX14100: JWT is not well formed, there are no dots (.)."};
  }
  if (jwt.defect != JwtDefect::kNone) {
    return {.denial = "Access token validation failure. Invalid signature."};
  }
  const Tenant* tenant = api.directory.FindTenant(TextAt(jwt.claims, "tid").value_or(""));
  if (std::string denial = Denial(api, tenant, jwt.claims); !denial.empty()) {
    return {.denial = std::move(denial)};
  }
  if (TextAt(jwt.claims, "idtyp") == "app")
    return {tenant, nullptr, "", TextsAt(jwt.claims, "roles")};
  const User* user = tenant->FindUser(TextAt(jwt.claims, "oid").value_or(""));
  if (user == nullptr) return {.denial = "The identity of the calling user was not found."};
  return {tenant, user, "", absl::StrSplit(TextAt(jwt.claims, "scp").value_or(""), ' ')};
}

Response Refuse(const MailApi& api, int status, std::string_view code, std::string_view message,
                const Trace& trace) {
  const json::object inner{
      {"date", absl::FormatTime("%Y-%m-%dT%H:%M:%S", api.now, absl::UTCTimeZone())},
      {"request-id", trace.trace_id},
      {"client-request-id", trace.correlation_id}};
  Response response = JsonReply(
      status,
      {{"error", json::object{{"code", code}, {"message", message}, {"innerError", inner}}}});
  response.facts.emplace_back("error", code);
  return response;
}

json::object Profile(const User& user) {
  return {{"@odata.context", "https://graph.microsoft.com/v1.0/$metadata#users/$entity"},
          {"id", user.id},
          {"displayName", user.name},
          {"mail", user.upn},
          {"userPrincipalName", user.upn}};
}

json::object Mailbox(const User& user) {
  json::array messages;
  for (const Message& message : user.messages) {
    const json::object from{{"emailAddress", json::object{{"name", message.from_name},
                                                          {"address", message.from_address}}}};
    messages.push_back(json::object{{"id", message.id},
                                    {"subject", message.subject},
                                    {"from", from},
                                    {"receivedDateTime", message.received},
                                    {"bodyPreview", message.preview}});
  }
  return {{"@odata.context",
           "https://graph.microsoft.com/v1.0/$metadata#users('" + user.id + "')/messages"},
          {"value", messages}};
}

// The user of "/v1.0/users/{id}/messages"; nothing for any other path.
std::optional<std::string> NamedUser(const std::string& path) {
  if (!path.starts_with(kUsers) || !path.ends_with(kMessages)) return std::nullopt;
  if (path.size() <= kUsers.size() + kMessages.size()) return std::nullopt;
  const std::size_t size = path.size() - kUsers.size() - kMessages.size();
  const std::string name = path.substr(kUsers.size(), size);
  return name.find('/') == std::string::npos ? std::optional(name) : std::nullopt;
}

bool May(const Visitor& visitor, std::string_view permission) {
  const auto& all = visitor.permissions;
  return std::find(all.begin(), all.end(), permission) != all.end();
}

Response AnswerUser(const MailApi& api, const Request& request, const Visitor& visitor,
                    const Trace& trace) {
  const bool mail = request.path.ends_with(kMessages);
  if (visitor.user == nullptr) {
    return Refuse(api, 400, "BadRequest",
                  "/me request is only valid with delegated authentication flow.", trace);
  }
  if (!May(visitor, mail ? "Mail.Read" : "User.Read")) {
    return Refuse(api, 403, "ErrorAccessDenied",
                  "Access is denied. Check credentials and try again.", trace);
  }
  return JsonReply(200, mail ? Mailbox(*visitor.user) : Profile(*visitor.user));
}

Response AnswerMailbox(const MailApi& api, const Visitor& visitor, const std::string& name,
                       const Trace& trace) {
  const User* user = visitor.tenant->FindUser(name);
  if (visitor.user != nullptr && user != visitor.user) user = nullptr;
  if (!May(visitor, "Mail.Read")) {
    return Refuse(api, 403, "ErrorAccessDenied",
                  "Access is denied. Check credentials and try again.", trace);
  }
  if (user == nullptr) {
    return Refuse(api, 404, "ErrorItemNotFound", "The specified object was not found in the store.",
                  trace);
  }
  return JsonReply(200, Mailbox(*user));
}

}  // namespace

bool IsMailApi(const Request& request) {
  return request.path == kMe || request.path == std::string(kMe).append(kMessages) ||
         NamedUser(request.path).has_value();
}

Response AnswerMailApi(const MailApi& api, const Request& request, const Trace& trace) {
  if (request.method != "GET") return MethodNotAllowed();
  const Visitor visitor = Identify(api, request);
  if (!visitor.denial.empty()) {
    Response response = Refuse(api, 401, "InvalidAuthenticationToken", visitor.denial, trace);
    response.headers.emplace_back("WWW-Authenticate", "Bearer realm=\"\"");
    return response;
  }
  const std::optional<std::string> named = NamedUser(request.path);
  return named.has_value() ? AnswerMailbox(api, visitor, *named, trace)
                           : AnswerUser(api, request, visitor, trace);
}

}  // namespace behalf::idp
