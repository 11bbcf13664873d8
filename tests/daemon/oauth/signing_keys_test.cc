#include <deque>
#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_replace.h"
#include "tests/daemon/oauth/oauth_house.h"

namespace behalf {
namespace {

class SigningKeysTest : public OauthHouse {
 protected:
  using Found = absl::StatusOr<KeySetPtr>;

  Found Find(const std::string& key_id) {
    CallContext call(absl::InfiniteFuture());
    return RunToEnd(keys_.Find(provider(), key_id, call));
  }

  std::size_t Fetches() const { return http_.count(entra_.metadata_url()); }

  static std::string Rsa() { return TestKey::Rsa2048().PublicJwk("rsa"); }
  static std::string Ec() { return TestKey::P256().PublicJwk("ec"); }
};

// Many who ask at the same time.
class Askers {
 public:
  Askers(SigningKeys& keys, const Provider& provider, const std::string& key_id, int count) {
    for (int i = 0; i < count; ++i) {
      calls_.emplace_back(absl::InfiniteFuture());
      asking_.emplace_back(keys.Find(provider, key_id, calls_.back()));
    }
  }
  std::vector<absl::StatusOr<KeySetPtr>> Results() {
    std::vector<absl::StatusOr<KeySetPtr>> results;
    for (auto& asker : asking_) results.push_back(asker.Result());
    return results;
  }

 private:
  std::deque<CallContext> calls_;
  std::deque<Running<absl::StatusOr<KeySetPtr>>> asking_;
};

TEST_F(SigningKeysTest, TheKeysComeFromWhereTheMetadataOfTheIssuerSays) {
  const auto keys = Find("rsa");
  ASSERT_THAT(keys, IsOk());
  EXPECT_NE((*keys)->Find("ec"), nullptr);
  ASSERT_EQ(http_.count(), 2);
  EXPECT_EQ(http_.seen()[0].url, provider().metadata_url);
  EXPECT_EQ(http_.seen()[1].url, entra_.keys_url());
}

TEST_F(SigningKeysTest, TrustAndProxyAreTheProviders) {
  catalog_ = ContosoCatalog(
      {{"  tenant: 5b404cf4", "  caFile: ca.pem\n  proxy: http://proxy:3128\n  tenant: 5b404cf4"}});
  ASSERT_THAT(Find("rsa"), IsOk());
  for (const SeenRequest& request : http_.seen()) {
    EXPECT_EQ(request.ca_file, "ca.pem");
    EXPECT_EQ(request.proxy, "http://proxy:3128");
    EXPECT_EQ(request.provider, "contoso");
    EXPECT_TRUE(request.form.empty());
  }
}

TEST_F(SigningKeysTest, ManyAskersMakeOneFetch) {
  http_.Hold();
  Askers askers(keys_, provider(), "rsa", 1000);
  http_.AwaitHeld(1);
  http_.Release();
  for (const Found& keys : askers.Results()) EXPECT_THAT(keys, IsOk());
  EXPECT_EQ(Fetches(), 1);
}

TEST_F(SigningKeysTest, KnownKeysCostNoFetch) {
  ASSERT_THAT(Find("rsa"), IsOk());
  clock_.Advance(SigningKeys::kRefreshAfter);
  ASSERT_THAT(Find("ec"), IsOk());
  EXPECT_EQ(Fetches(), 1);
}

TEST_F(SigningKeysTest, OldKeysServeWhileTheyAreRefreshedInTheBackground) {
  ASSERT_THAT(Find("rsa"), IsOk());
  clock_.Advance(SigningKeys::kRefreshAfter + absl::Seconds(1));
  entra_.PublishKeys(JwkSet({Ec(), TestKey::OtherRsa2048().PublicJwk("new")}));
  http_.Hold();
  EXPECT_THAT(Find("rsa"), IsOk());
  http_.AwaitHeld(1);
  EXPECT_THAT(Find("rsa"), IsOk());
  EXPECT_EQ(Fetches(), 2);

  Askers waiting_for_the_refresh(keys_, provider(), "new", 1);
  http_.Release();
  EXPECT_THAT(waiting_for_the_refresh.Results().front(), IsOk());
  EXPECT_EQ(Fetches(), 2);
  EXPECT_THAT(Find("rsa"), HasReason(Reason::kSubjectKeyUnknown)) << "it was withdrawn";
}

TEST_F(SigningKeysTest, KeysThatAreKnownAreKeptFreshThoughNobodyAsks) {
  keys_.KeepFresh(*catalog_);
  EXPECT_EQ(Fetches(), 0) << "they are not known";
  ASSERT_THAT(Find("rsa"), IsOk());
  clock_.Advance(SigningKeys::kRefreshAfter);
  keys_.KeepFresh(*catalog_);
  EXPECT_EQ(Fetches(), 1) << "they are young";
  clock_.Advance(absl::Seconds(1));
  keys_.KeepFresh(*catalog_);
  EXPECT_EQ(Fetches(), 2);
  EXPECT_EQ(keys_.StateOf(provider()).fetched_at, now());
}

TEST_F(SigningKeysTest, WhileTwoKeysArePublishedBothAreFound) {
  ASSERT_THAT(Find("rsa"), IsOk());
  entra_.PublishKeys(JwkSet({Rsa(), Ec(), TestKey::OtherRsa2048().PublicJwk("new")}));
  clock_.Advance(SigningKeys::kCooldown);
  EXPECT_THAT(Find("new"), IsOk());
  EXPECT_THAT(Find("rsa"), IsOk());
  EXPECT_EQ(Fetches(), 2);
}

TEST_F(SigningKeysTest, AnUnknownKeyIsFetchedForOnceInThirtySecondsHoweverManyAsk) {
  ASSERT_THAT(Find("rsa"), IsOk());
  clock_.Advance(SigningKeys::kCooldown);
  Askers askers(keys_, provider(), "unknown", 1000);
  for (const Found& keys : askers.Results()) {
    EXPECT_THAT(keys, HasReason(Reason::kSubjectKeyUnknown));
  }
  EXPECT_EQ(Fetches(), 2);
  for (int i = 0; i < 100; ++i) Find(absl::StrCat("unknown-", i)).IgnoreError();
  clock_.Advance(SigningKeys::kCooldown - absl::Nanoseconds(1));
  Find("unknown").IgnoreError();
  EXPECT_EQ(Fetches(), 2);
  clock_.Advance(absl::Nanoseconds(1));
  Find("unknown").IgnoreError();
  EXPECT_EQ(Fetches(), 3);
}

TEST_F(SigningKeysTest, AFailedFetchCountsAsOne) {
  http_.On(entra_.metadata_url(), 500, "");
  for (int i = 0; i < 1000; ++i) {
    ASSERT_THAT(Find("rsa"), HasReason(Reason::kKeysUnavailable));
  }
  EXPECT_EQ(Fetches(), 1);
  clock_.Advance(SigningKeys::kCooldown);
  EXPECT_THAT(Find("rsa"), HasReason(Reason::kKeysUnavailable));
  EXPECT_EQ(Fetches(), 2);
}

TEST_F(SigningKeysTest, KeysThatCannotBeRefreshedServeForTwoHoursAndNoLonger) {
  ASSERT_THAT(Find("rsa"), IsOk());
  http_.On(entra_.keys_url(), 500, "");
  clock_.Advance(SigningKeys::kMaxAge - absl::Seconds(1));
  EXPECT_THAT(Find("rsa"), IsOk());
  EXPECT_NE(keys_.Known(provider()), nullptr);
  EXPECT_FALSE(keys_.StateOf(provider()).problem.ok());
  clock_.Advance(absl::Seconds(1));
  EXPECT_EQ(keys_.Known(provider()), nullptr);
  const auto stale = Find("rsa");
  EXPECT_THAT(stale, HasReason(Reason::kKeysUnavailable));
  EXPECT_TRUE(DetailOf(stale.status()).retry_after.has_value());
}

TEST_F(SigningKeysTest, KeysComeBackAfterAFailure) {
  http_.On(entra_.keys_url(), 500, "");
  ASSERT_THAT(Find("rsa"), HasReason(Reason::kKeysUnavailable));
  entra_.PublishKeys(JwkSet({Rsa()}));
  clock_.Advance(SigningKeys::kCooldown);
  EXPECT_THAT(Find("rsa"), IsOk());
  EXPECT_TRUE(keys_.StateOf(provider()).problem.ok());
}

TEST_F(SigningKeysTest, WhoLeavesDoesNotEndTheFetchOfTheOthers) {
  http_.Hold();
  CallContext leaving(absl::InfiniteFuture());
  Running<Found> leaver(keys_.Find(provider(), "rsa", leaving));
  Askers others(keys_, provider(), "rsa", 1);
  http_.AwaitHeld(1);
  leaving.cancel.Cancel();
  EXPECT_THAT(leaver.Result(), HasReason(Reason::kCancelled));
  http_.Release();
  EXPECT_THAT(others.Results().front(), IsOk());
}

struct BadMetadata {
  std::string what;
  int status;
  std::string body;
};

TEST_F(SigningKeysTest, MetadataThatCannotBeTrustedGivesNoKeys) {
  const std::string good =
      absl::StrCat(R"({"issuer":")", kIssuerV2, R"(","jwks_uri":")", entra_.keys_url(), R"("})");
  const auto with_keys_at = [&](const std::string& url) {
    return absl::StrReplaceAll(good, {{entra_.keys_url(), url}});
  };
  const std::string path = entra_.keys_url().substr(provider().authority.size());
  const std::vector<BadMetadata> table = {
      {"a redirect", 302, good},
      {"not found", 404, good},
      {"a failure", 500, good},
      {"another success", 201, good},
      {"empty", 200, ""},
      {"not JSON", 200, "<html></html>"},
      {"an array", 200, "[" + good + "]"},
      {"a key twice", 200, good.substr(0, good.size() - 1) + R"(,"issuer":"x"})"},
      {"oversized", 200, good + std::string(KeySet::kMaxBytes, ' ')},
      {"issuer of another tenant", 200, absl::StrReplaceAll(good, {{kTenant, kOtherTenant}})},
      {"issuer of version 1", 200, absl::StrReplaceAll(good, {{kIssuerV2, kIssuerV1}})},
      {"issuer with a slash", 200,
       absl::StrReplaceAll(good, {{kIssuerV2, absl::StrCat(kIssuerV2, "/")}})},
      {"no issuer", 200, absl::StrCat(R"({"jwks_uri":")", entra_.keys_url(), R"("})")},
      {"no keys", 200, absl::StrCat(R"({"issuer":")", kIssuerV2, R"("})")},
      {"keys by http", 200, with_keys_at("http://login.microsoftonline.com" + path)},
      {"keys elsewhere", 200, with_keys_at("https://keys.example" + path)},
      {"keys below the origin's name", 200,
       with_keys_at("https://login.microsoftonline.com.example" + path)},
      {"keys behind a user name", 200,
       with_keys_at("https://login.microsoftonline.com@keys.example" + path)},
      {"keys on another port", 200, with_keys_at("https://login.microsoftonline.com:444" + path)},
      {"keys without a path", 200, with_keys_at("https://login.microsoftonline.com")},
  };
  for (const std::string elsewhere : {"http://login.microsoftonline.com", "https://keys.example",
                                      "https://login.microsoftonline.com.example",
                                      "https://login.microsoftonline.com@keys.example",
                                      "https://login.microsoftonline.com:444"}) {
    http_.On(elsewhere + path, 200, JwkSet({Rsa()}));
  }
  for (const BadMetadata& bad : table) {
    SCOPED_TRACE(bad.what);
    http_.On(entra_.metadata_url(), bad.status, bad.body);
    clock_.Advance(SigningKeys::kCooldown);
    EXPECT_THAT(Find("rsa"), HasReason(Reason::kKeysUnavailable));
  }
  EXPECT_EQ(http_.count(), table.size()) << "no keys are asked for on such metadata";
  entra_.PublishMetadata(good);
  clock_.Advance(SigningKeys::kCooldown);
  EXPECT_THAT(Find("rsa"), IsOk());
}

TEST_F(SigningKeysTest, KeysThatCannotBeTrustedAreNotUsed) {
  const std::string good = JwkSet({Rsa()});
  const std::vector<BadMetadata> table = {
      {"a redirect", 302, good},
      {"a failure", 503, good},
      {"empty", 200, ""},
      {"not JSON", 200, "rsa"},
      {"no keys", 200, R"({"keys":[]})"},
      {"a key twice", 200, JwkSet({Rsa(), Rsa()})},
      {"a short key", 200, JwkSet({TestKey::Rsa1024().PublicJwk("rsa")})},
      {"oversized", 200, good + std::string(KeySet::kMaxBytes, ' ')},
  };
  for (const BadMetadata& bad : table) {
    SCOPED_TRACE(bad.what);
    http_.On(entra_.keys_url(), bad.status, bad.body);
    clock_.Advance(SigningKeys::kCooldown);
    EXPECT_THAT(Find("rsa"), HasReason(Reason::kKeysUnavailable));
  }
}

TEST_F(SigningKeysTest, ProvidersDoNotShareKeys) {
  ASSERT_THAT(Find("rsa"), IsOk());
  const auto other =
      ContosoCatalog({{"  tenant: 5b404cf4", "  caFile: ca.pem\n  tenant: 5b404cf4"}});
  EXPECT_EQ(keys_.Known(*other->providers().front()), nullptr);
}

}  // namespace
}  // namespace behalf
