#include "daemon/broker/validate.h"

#include <functional>
#include <string>
#include <vector>

#include "tests/status_matchers.h"

namespace behalf {
namespace {

template <typename Request>
struct Row {
  std::string what;
  std::function<void(Request&)> change;
  std::string field;  // empty: still well-formed
};

constexpr char kJwt[] = "eyJhbGciOiJSUzI1NiJ9.eyJvaWQiOiJhbGljZSJ9.c2ln";
constexpr char kHandle[] = "tOYmzo0iNMwPkbZxmS_t2Z4aBdtkVyVcBiGHTHL-rQQ";

TokenRequest GoodTokenRequest() {
  TokenRequest request(nullptr);
  request.subject_token = SecretString(std::string_view("token"));
  request.api = "graph";
  request.tool = "mail-search";
  return request;
}

RedeemRequest GoodRedeemRequest() {
  RedeemRequest request(nullptr);
  request.handle = SecretString(std::string_view("handle"));
  return request;
}

void Expect(const absl::Status& status, const std::string& field) {
  if (field.empty()) {
    EXPECT_THAT(status, IsOk());
    return;
  }
  EXPECT_THAT(status, HasReason(Reason::kRequestInvalid));
  EXPECT_EQ(DetailOf(status).metadata["field"], field);
}

const std::vector<Row<TokenRequest>>& TokenRows() {
  using R = TokenRequest;
  static const std::vector<Row<R>> rows = {
      {"nothing", [](R&) {}, ""},
      {"no token", [](R& r) { r.subject_token = SecretString(); }, "subject_token"},
      {"no API", [](R& r) { r.api.clear(); }, "api"},
      {"longest API", [](R& r) { r.api = std::string(63, 'a'); }, ""},
      {"too long an API", [](R& r) { r.api = std::string(64, 'a'); }, "api"},
      {"longest agent", [](R& r) { r.agent = std::string(63, 'a'); }, ""},
      {"too long an agent", [](R& r) { r.agent = std::string(64, 'a'); }, "agent"},
      {"many scopes", [](R& r) { r.scopes.assign(64, "Mail.Read"); }, ""},
      {"too many scopes", [](R& r) { r.scopes.assign(65, "Mail.Read"); }, "scopes"},
      {"longest scope", [](R& r) { r.scopes = {std::string(256, 'a')}; }, ""},
      {"too long a scope", [](R& r) { r.scopes = {std::string(257, 'a')}; }, "scopes"},
      {"an empty scope", [](R& r) { r.scopes = {"Mail.Read", ""}; }, "scopes"},
      {"two scopes in one", [](R& r) { r.scopes = {"Mail.Read Mail.Send"}; }, "scopes"},
      {"a quote", [](R& r) { r.scopes = {"Mail\"Read"}; }, "scopes"},
      {"a backslash", [](R& r) { r.scopes = {"Mail\\Read"}; }, "scopes"},
      {"a control", [](R& r) { r.scopes = {"Mail.Read\n"}; }, "scopes"},
      {"beyond ASCII", [](R& r) { r.scopes = {"M\xc3\xa4il"}; }, "scopes"},
      {"the first and last of ASCII", [](R& r) { r.scopes = {"!", "~"}; }, ""},
      {"a token among the scopes", [](R& r) { r.scopes = {"Mail.Read", kJwt}; }, "scopes"},
      {"a handle among the scopes", [](R& r) { r.scopes = {kHandle}; }, "scopes"},
      {"a scope of a handle's size", [](R& r) { r.scopes = {"a." + std::string(41, 'a')}; }, ""},
      {"a token as the API", [](R& r) { r.api = "eyJhbGciOiJSUzI1NiJ9"; }, "api"},
      {"a handle as the API", [](R& r) { r.api = kHandle; }, "api"},
      {"a handle as the agent", [](R& r) { r.agent = kHandle; }, "agent"},
      {"an API that begins with a hyphen", [](R& r) { r.api = "-graph"; }, "api"},
      {"an API that ends with a hyphen", [](R& r) { r.api = "graph-"; }, "api"},
  };
  return rows;
}

TEST(Validate, ARequestForATokenIsHeldToItsFields) {
  for (const auto& row : TokenRows()) {
    SCOPED_TRACE(row.what);
    TokenRequest request = GoodTokenRequest();
    row.change(request);
    Expect(Validate(request), row.field);
    Expect(ValidateForHandle(request), row.field);
  }
}

TEST(Validate, ARequestForAHandleNeedsAToolAndALifetimeWithinBounds) {
  using R = TokenRequest;
  const std::vector<Row<R>> rows = {
      {"no tool", [](R& r) { r.tool.clear(); }, "tool"},
      {"too long a tool", [](R& r) { r.tool = std::string(64, 'a'); }, "tool"},
      {"no lifetime", [](R& r) { r.lifetime = absl::ZeroDuration(); }, "lifetime"},
      {"a negative one", [](R& r) { r.lifetime = -absl::Seconds(1); }, "lifetime"},
      {"the shortest", [](R& r) { r.lifetime = absl::Nanoseconds(1); }, ""},
      {"the longest", [](R& r) { r.lifetime = absl::Minutes(5); }, ""},
      {"a longer one", [](R& r) { r.lifetime = absl::Minutes(5) + absl::Nanoseconds(1); },
       "lifetime"},
      {"an endless one", [](R& r) { r.lifetime = absl::InfiniteDuration(); }, "lifetime"},
  };
  for (const auto& row : rows) {
    SCOPED_TRACE(row.what);
    TokenRequest request = GoodTokenRequest();
    row.change(request);
    Expect(ValidateForHandle(request), row.field);
  }
}

TEST(Validate, ARedemptionIsHeldToItsFields) {
  using R = RedeemRequest;
  const std::vector<Row<R>> rows = {
      {"nothing", [](R&) {}, ""},
      {"no handle", [](R& r) { r.handle = SecretString(); }, "handle"},
      {"longest request id", [](R& r) { r.request_id = std::string(64, 'a'); }, ""},
      {"too long a request id", [](R& r) { r.request_id = std::string(65, 'a'); }, "request_id"},
      {"too many scopes", [](R& r) { r.scopes.assign(65, "a"); }, "scopes"},
      {"no scope", [](R& r) { r.scopes = {""}; }, "scopes"},
      {"a handle among the scopes", [](R& r) { r.scopes = {kHandle}; }, "scopes"},
  };
  for (const auto& row : rows) {
    SCOPED_TRACE(row.what);
    RedeemRequest request = GoodRedeemRequest();
    row.change(request);
    Expect(Validate(request), row.field);
  }
}

TEST(Describe, NamesAndScopesComeToTheRecordAndSecretsInTheirPlaceDoNot) {
  for (const std::string secret : {kJwt, kHandle}) {
    TokenRequest request = GoodTokenRequest();
    request.agent = request.tool = request.api = secret;
    request.scopes = {"Mail.Read", secret};
    AuditRecord record;
    Describe(request, record);
    EXPECT_EQ(record.agent + record.tool + record.api, "");
    EXPECT_THAT(record.scopes_asked, testing::ElementsAre("Mail.Read"));
  }
  TokenRequest request = GoodTokenRequest();
  request.agent = "invoice-bot";
  AuditRecord record;
  Describe(request, record);
  EXPECT_EQ(record.agent + " " + record.tool + " " + record.api, "invoice-bot mail-search graph");
}

}  // namespace
}  // namespace behalf
