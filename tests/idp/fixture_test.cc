#include "tests/idp/fixture.h"

#include <boost/json/parse.hpp>

#include "absl/strings/ascii.h"
#include "absl/strings/str_cat.h"
#include "tests/idp/base64url.h"
#include "tests/idp/directory_file.h"

namespace behalf::idp {
namespace {

std::string Escape(const std::string& text) {
  std::string escaped;
  for (const char symbol : text) {
    const auto byte = static_cast<unsigned char>(symbol);
    if (absl::ascii_isalnum(byte)) {
      escaped += symbol;
    } else {
      absl::StrAppend(&escaped, "%", absl::Hex(byte, absl::kZeroPad2));
    }
  }
  return escaped;
}

}  // namespace

int Reply::code() const {
  const json::value* codes = body.if_contains("error_codes");
  return codes == nullptr ? 0 : static_cast<int>(codes->at(0).as_int64());
}

std::string IdpTest::Path() { return BEHALF_SOURCE_DIR "/tests/idp/contoso.yaml"; }

const Directory& IdpTest::Contoso() {
  static const auto* directory = new absl::StatusOr<Directory>(LoadDirectory(Path()));
  EXPECT_TRUE(directory->ok()) << directory->status();
  return **directory;
}

const SigningKeys& IdpTest::Keys() {
  static const auto* keys = new SigningKeys(SigningKeys::Ephemeral());
  return *keys;
}

std::string IdpTest::FormText(const Parameters& parameters) {
  std::string text;
  for (const auto& [name, value] : parameters) {
    absl::StrAppend(&text, text.empty() ? "" : "&", name, "=", Escape(value));
  }
  return text;
}

json::object IdpTest::ClaimsOf(const std::string& token) {
  const ReadJwt jwt = ReadAndVerifySealed(Keys(), token);
  EXPECT_EQ(jwt.defect, JwtDefect::kNone);
  return jwt.claims;
}

Request IdpTest::TokenRequestOf(const Parameters& parameters) const {
  return {.method = "POST",
          .path = absl::StrCat("/", kTenant, "/oauth2/v2.0/token"),
          .query = "",
          .headers = {},
          .body = FormText(parameters),
          .base_url = "https://localhost:8443"};
}

Reply IdpTest::Ask(const Request& request) const {
  Response response = provider_->Handle(request);
  json::error_code error;
  const json::value body = json::parse(response.body, error);
  EXPECT_FALSE(error) << response.body;
  return {std::move(response), body.as_object()};
}

Reply IdpTest::Get(const std::string& path, const std::string& bearer) const {
  Request request{.method = "GET",
                  .path = path,
                  .query = "",
                  .headers = {},
                  .body = "",
                  .base_url = "https://localhost:8443"};
  if (!bearer.empty()) request.headers["authorization"] = "Bearer " + bearer;
  return Ask(request);
}

Parameters IdpTest::SignIn(const std::string& user, const std::string& scope) {
  return {{"grant_type", "password"},
          {"client_id", kPortal},
          {"username", user + "@contoso.example"},
          {"password", user + "-development-only"},
          {"scope", scope}};
}

Parameters IdpTest::ForExchange(const std::string& agent) {
  const bool other = agent == kOtherAgent;
  return {{"grant_type", "client_credentials"},
          {"client_id", other ? kOtherBlueprint : kBlueprint},
          {"client_secret", other ? kOtherSecret : kSecret},
          {"scope", "api://AzureADTokenExchange/.default"},
          {"fmi_path", agent}};
}

Parameters IdpTest::OnBehalfOfAlice() const {
  return {{"grant_type", "urn:ietf:params:oauth:grant-type:jwt-bearer"},
          {"requested_token_use", "on_behalf_of"},
          {"client_id", kAgent},
          {"client_assertion_type", "urn:ietf:params:oauth:client-assertion-type:jwt-bearer"},
          {"client_assertion", ExchangeToken()},
          {"assertion", UserToken("alice", absl::StrCat("api://", kBlueprint, "/access_agent"))},
          {"scope", "https://graph.microsoft.com/Mail.Read"}};
}

Parameters IdpTest::ClassicOnBehalfOfAlice() const {
  return {{"grant_type", "urn:ietf:params:oauth:grant-type:jwt-bearer"},
          {"requested_token_use", "on_behalf_of"},
          {"client_id", kReports},
          {"client_secret", kReportsSecret},
          {"assertion", UserToken("alice", absl::StrCat("api://", kReports, "/access_as_user"))},
          {"scope", "https://graph.microsoft.com/.default"}};
}

Parameters IdpTest::AsAgent(const std::string& scope) const {
  return {{"grant_type", "client_credentials"},
          {"client_id", kAgent},
          {"client_assertion_type", "urn:ietf:params:oauth:client-assertion-type:jwt-bearer"},
          {"client_assertion", ExchangeToken()},
          {"scope", scope}};
}

Parameters IdpTest::AsReports(const std::string& scope) {
  return {{"grant_type", "client_credentials"},
          {"client_id", kReports},
          {"client_secret", kReportsSecret},
          {"scope", scope}};
}

Parameters IdpTest::AsAgentUser(const std::string& user) const {
  const Reply second = Post(AsAgent("api://AzureADTokenExchange/.default"));
  Parameters parameters = AsAgent("https://graph.microsoft.com/.default openid offline_access");
  parameters["grant_type"] = "user_fic";
  parameters["user_federated_identity_credential"] = second.Text("access_token");
  parameters["user_id"] = user;
  return parameters;
}

std::string IdpTest::UserToken(const std::string& user, const std::string& scope) const {
  const Reply reply = Post(SignIn(user, scope));
  EXPECT_EQ(reply.response.status, 200) << reply.response.body;
  return reply.Text("access_token");
}

std::string IdpTest::ExchangeToken(const std::string& agent) const {
  const Reply reply = Post(ForExchange(agent));
  EXPECT_EQ(reply.response.status, 200) << reply.response.body;
  return reply.Text("access_token");
}

}  // namespace behalf::idp
