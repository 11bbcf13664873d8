#include "daemon/oauth/exchange_key.h"

#include <functional>
#include <string>
#include <vector>

#include "tests/daemon/oauth/oauth_house.h"

namespace behalf {
namespace {

// A request whose every part can be changed by itself.
struct Parts {
  explicit Parts(SubjectPtr of) : subject(std::move(of)) {}

  std::string Key() {
    blueprint.provider = &provider;
    agent.blueprint = &blueprint;
    allowance.api = &api;
    allowance.tool = &tool;
    ExchangeRequest request(nullptr, agent, allowance, subject);
    request.scopes = scopes;
    return ExchangeKey(request);
  }

  SubjectPtr subject;
  Provider provider;
  Api api;
  Tool tool;
  Blueprint blueprint;
  Agent agent;
  Allowance allowance;
  std::vector<std::string> scopes;
};

class ExchangeKeyTest : public OauthHouse {
 protected:
  Parts Base() {
    Parts parts(alice_);
    parts.provider = provider();
    parts.api = *catalog_->FindApi("graph");
    parts.blueprint = blueprint();
    parts.agent = *catalog_->FindAgent("invoice-bot");
    parts.allowance = *AllowanceOf("mail-search");
    parts.scopes = {"Mail.Read", "Mail.Send"};
    return parts;
  }

  SubjectPtr alice_ = Alice();
};

struct Change {
  std::string what;
  std::function<void(Parts&)> apply;
};

TEST_F(ExchangeKeyTest, EachFieldChangedAloneGivesAnotherKey) {
  clock_.Advance(absl::Seconds(1));
  const SubjectPtr newer = Alice();
  const SubjectPtr bob = *Verify(FakeEntra::Signed(AliceV2(now()).Text("oid", kBobId)));
  const std::vector<Change> table = {
      {"issuer of version 1", [](Parts& p) { p.provider.issuer_v1 += "x"; }},
      {"issuer of version 2", [](Parts& p) { p.provider.issuer_v2 += "x"; }},
      {"token endpoint", [](Parts& p) { p.provider.token_endpoint += "x"; }},
      {"tenant", [](Parts& p) { p.provider.tenant = kOtherTenant; }},
      {"client id", [](Parts& p) { p.blueprint.client_id = kFrontendId; }},
      {"agent id", [](Parts& p) { p.agent.id = kReportBotId; }},
      {"resource", [](Parts& p) { p.api.resource += "/"; }},
      {"one audience more", [](Parts& p) { p.api.audiences.push_back("x"); }},
      {"another audience", [](Parts& p) { p.api.audiences.front() += "x"; }},
      {"tokens of version 1", [](Parts& p) { p.api.token_version = TokenVersion::k1; }},
      {"tokens of version 2", [](Parts& p) { p.api.token_version = TokenVersion::k2; }},
      {"way of asking", [](Parts& p) { p.api.request = ScopeRequest::kDefault; }},
      {"never to be reused", [](Parts& p) { p.allowance.reuse_for = absl::ZeroDuration(); }},
      {"fewer scopes", [](Parts& p) { p.scopes.pop_back(); }},
      {"more scopes", [](Parts& p) { p.scopes.push_back("User.Read"); }},
      {"other scopes", [](Parts& p) { p.scopes = {"Mail.Read", "Mail.SendX"}; }},
      {"no scopes", [](Parts& p) { p.scopes.clear(); }},
      {"another token of the user", [&](Parts& p) { p.subject = newer; }},
      {"another user", [&](Parts& p) { p.subject = bob; }},
      {"accepted scopes", [](Parts& p) { p.allowance.accept.push_back("x"); }},
      {"nothing accepted", [](Parts& p) { p.allowance.accept.clear(); }},
      {"longest life", [](Parts& p) { p.allowance.max_lifetime += absl::Seconds(1); }},
  };
  std::map<std::string, std::string> keys = {{Base().Key(), "nothing"}};
  for (const Change& change : table) {
    Parts parts = Base();
    change.apply(parts);
    const auto [other, is_new] = keys.emplace(parts.Key(), change.what);
    EXPECT_TRUE(is_new) << change.what << " gives the same key as " << other->second;
  }
}

TEST_F(ExchangeKeyTest, TheSameValuesGiveTheSameKeyWhateverTheyAreCalled) {
  const std::vector<Change> table = {
      {"nothing", [](Parts&) {}},
      {"names",
       [](Parts& p) { p.provider.name = p.api.name = p.blueprint.name = p.agent.name = "x"; }},
      {"tool", [](Parts& p) { p.tool.name = "x"; }},
      {"place", [](Parts& p) { p.allowance.place.line += 1; }},
  };
  for (const Change& change : table) {
    Parts parts = Base();
    change.apply(parts);
    EXPECT_EQ(parts.Key(), Base().Key()) << change.what;
  }
  EXPECT_EQ(Base().Key().size(), 32);
}

TEST_F(ExchangeKeyTest, BytesMovedFromOneFieldToTheNextGiveAnotherKey) {
  const std::vector<std::pair<Change, Change>> table = {
      {{"issuer v1 takes a byte",
        [](Parts& p) { p.provider.issuer_v1 = "ab", p.provider.issuer_v2 = "c"; }},
       {"issuer v2 takes it",
        [](Parts& p) { p.provider.issuer_v1 = "a", p.provider.issuer_v2 = "bc"; }}},
      {{"two scopes", [](Parts& p) { p.scopes = {"a", "b"}; }},
       {"one with a space", [](Parts& p) { p.scopes = {"a b"}; }}},
      {{"two audiences", [](Parts& p) { p.api.audiences = {"a", "b"}; }},
       {"one that looks like two", [](Parts& p) { p.api.audiences = {"a1:b"}; }}},
      {{"scopes within length", [](Parts& p) { p.scopes = {"1:a"}; }},
       {"the inner one", [](Parts& p) { p.scopes = {"a"}; }}},
      {{"resource takes the audience",
        [](Parts& p) { p.api.resource = "a1[1:b", p.api.audiences = {}; }},
       {"audience by itself", [](Parts& p) { p.api.resource = "a", p.api.audiences = {"b"}; }}},
      {{"an empty scope", [](Parts& p) { p.scopes = {""}; }},
       {"none", [](Parts& p) { p.scopes = {}; }}},
  };
  for (const auto& [one, other] : table) {
    Parts left = Base();
    Parts right = Base();
    one.apply(left);
    other.apply(right);
    EXPECT_NE(left.Key(), right.Key()) << one.what << " / " << other.what;
  }
}

}  // namespace
}  // namespace behalf
