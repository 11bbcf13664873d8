// What somebody finds who has the store and no handle.
#include <map>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "tests/daemon/broker/broker_house.h"

namespace behalf {
namespace {

// Shows every row that was ever written, and lets a test write rows over.
class StolenStore final : public HandleStore {
 public:
  explicit StolenStore(const Clock& clock) : store_(100, clock) {}

  Task<absl::Status> Insert(std::string id, HandleRow row) override {
    seen.emplace_back(id, row);
    return store_.Insert(std::move(id), std::move(row));
  }
  Task<absl::StatusOr<HandleRow>> Find(std::string id) override {
    std::string other = instead.contains(id) ? instead[id] : id;
    return store_.Find(std::move(other));
  }
  Task<absl::StatusOr<bool>> Replace(std::string id, std::uint64_t version,
                                     HandleRow row) override {
    seen.emplace_back(id, row);
    return store_.Replace(std::move(id), version, std::move(row));
  }
  int size() const override { return store_.size(); }
  void Stop() override {}

  std::vector<std::pair<std::string, HandleRow>> seen;
  std::map<std::string, std::string> instead;  // whose row is found under an id

 private:
  MemoryHandleStore store_;
};

class Sealing : public BrokerHouse {
 protected:
  StolenStore stolen_{clock_};
  HandleDesk stolen_desk_{stolen_};
  TokenBroker broker_of_it_{
      {live_, verifier_, cache_, stolen_desk_, revocations_, outstanding_, audit_, namer_, clock_}};
  CallContext call_{absl::InfiniteFuture()};
};

TEST_F(Sealing, TheStoreHoldsNoTokenHandleOrName) {
  TokenRequest request = ForMail();
  const std::string subject(request.subject_token.Reveal());
  const auto created = RunToEnd(broker_of_it_.CreateHandle(std::move(request), call_));
  ASSERT_THAT(created, IsOk());
  const std::string handle(created->handle.Reveal());
  const auto issued =
      RunToEnd(broker_of_it_.RedeemHandle(Redemption(handle, MailSearch(), "one"), call_));
  ASSERT_THAT(issued, IsOk());
  const std::string token(issued->token->value.Reveal());
  ASSERT_EQ(stolen_.seen.size(), 3) << "open, reserved, spent";
  EXPECT_NE(stolen_.seen.back().second.sealed_answer, "");
  for (const auto& [id, row] : stolen_.seen) {
    const std::string all = id + row.sealed + row.sealed_answer + row.request_digest;
    for (const std::string& secret :
         {subject.substr(0, 20), subject.substr(subject.size() - 20), token.substr(0, 20),
          token.substr(100, 20), handle, handle.substr(0, 10), std::string("invoice-bot"),
          std::string("mail-search"), std::string("Mail.Read"), std::string("one")}) {
      EXPECT_EQ(all.find(secret), std::string::npos) << secret;
    }
  }
}

TEST_F(Sealing, ARowPutInAnothersPlaceOpensNothing) {
  const auto mine = RunToEnd(broker_of_it_.CreateHandle(ForMail(), call_));
  const auto other = RunToEnd(broker_of_it_.CreateHandle(ForMail(), call_));
  ASSERT_THAT(other, IsOk());
  stolen_.instead[stolen_.seen[0].first] = stolen_.seen[1].first;
  EXPECT_THAT(
      RunToEnd(broker_of_it_.RedeemHandle(Redemption(std::string(mine->handle.Reveal())), call_)),
      HasReason(Reason::kHandleUnknown));
}

Grant SomeGrant() {
  Grant grant;
  grant.agent = "invoice-bot";
  grant.agent_id = kInvoiceBotId;
  grant.tool = "mail-search";
  grant.api = "graph";
  grant.scopes = {"Mail.Read", "", "7:Mail.Se"};
  grant.subject_token = SecretString(std::string_view("a.b.c"));
  grant.creator = *CallerAt("agents", 4294967295U, {1, 4294967295U});
  return grant;
}

TEST(GrantTest, AGrantComesBackAsItWas) {
  const SecretString bytes = EncodeGrant(SomeGrant());
  const std::optional<Grant> grant = DecodeGrant(bytes.Reveal());
  ASSERT_TRUE(grant.has_value());
  EXPECT_EQ(grant->agent, "invoice-bot");
  EXPECT_EQ(grant->agent_id, kInvoiceBotId);
  EXPECT_EQ(grant->tool, "mail-search");
  EXPECT_EQ(grant->api, "graph");
  EXPECT_EQ(grant->scopes, SomeGrant().scopes);
  EXPECT_EQ(grant->subject_token.Reveal(), "a.b.c");
  EXPECT_EQ(grant->creator.socket, "agents");
  EXPECT_EQ(grant->creator.uid, 4294967295U);
  EXPECT_EQ(grant->creator.pid, 4242);
  EXPECT_EQ(grant->creator.groups, SomeGrant().creator.groups);
}

TEST(GrantTest, ATokenComesBackAsItWas) {
  ApiToken token;
  token.value = SecretString(std::string_view("t"));
  token.expires_at = absl::FromUnixMicros(1'750'000'000'123'456);
  token.obtained_at = absl::FromUnixMicros(1'749'000'000'000'001);
  token.scopes = {"A", "B"};
  token.unique_id = "uti";
  token.correlation_id = "c";
  const std::optional<ApiToken> back = DecodeToken(EncodeToken(token).Reveal());
  ASSERT_TRUE(back.has_value());
  EXPECT_EQ(back->value.Reveal(), "t");
  EXPECT_EQ(back->expires_at, token.expires_at);
  EXPECT_EQ(back->obtained_at, token.obtained_at);
  EXPECT_EQ(back->scopes, token.scopes);
  EXPECT_EQ(back->unique_id, "uti");
  EXPECT_EQ(back->correlation_id, "c");
}

TEST(GrantTest, NoPartAndNothingBesideIsAGrant) {
  const SecretString bytes = EncodeGrant(SomeGrant());
  const std::string whole(bytes.Reveal());
  for (std::size_t size = 0; size < whole.size(); ++size) {
    EXPECT_FALSE(DecodeGrant(whole.substr(0, size)).has_value()) << size;
  }
  EXPECT_FALSE(DecodeGrant(whole + "1:x").has_value());
  EXPECT_FALSE(DecodeToken(whole).has_value());
}

}  // namespace
}  // namespace behalf
