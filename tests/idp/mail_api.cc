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

struct Visitor {
  const User* user = nullptr;
  std::string denial = {};  // why there is no user; empty: none
  std::vector<std::string> scopes = {};
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
  const User* user = tenant->FindUser(TextAt(jwt.claims, "oid").value_or(""));
  if (user == nullptr) return {.denial = "The identity of the calling user was not found."};
  return {user, "", absl::StrSplit(TextAt(jwt.claims, "scp").value_or(""), ' ')};
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

}  // namespace

Response AnswerMailApi(const MailApi& api, const Request& request, const Trace& trace) {
  if (request.method != "GET") return MethodNotAllowed();
  const bool mail = request.path == "/v1.0/me/messages";
  const Visitor visitor = Identify(api, request);
  if (visitor.user == nullptr) {
    Response response = Refuse(api, 401, "InvalidAuthenticationToken", visitor.denial, trace);
    response.headers.emplace_back("WWW-Authenticate", "Bearer realm=\"\"");
    return response;
  }
  const std::string_view needed = mail ? "Mail.Read" : "User.Read";
  if (std::find(visitor.scopes.begin(), visitor.scopes.end(), needed) == visitor.scopes.end()) {
    return Refuse(api, 403, "ErrorAccessDenied",
                  "Access is denied. Check credentials and try again.", trace);
  }
  return JsonReply(200, mail ? Mailbox(*visitor.user) : Profile(*visitor.user));
}

}  // namespace behalf::idp
