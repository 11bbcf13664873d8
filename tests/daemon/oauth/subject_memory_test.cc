// What a SubjectVerifier remembers of a verified token, and when it forgets.
#include <string>

#include "tests/daemon/oauth/oauth_house.h"

namespace behalf {
namespace {

class SubjectMemory : public OauthHouse {
 protected:
  // A token that outlives the keys, so that only what a test does ends it.
  std::string LongLived() const {
    return FakeEntra::Signed(AliceV2(now()).Time("exp", now() + absl::Hours(5)));
  }

  // The issuer publishes `jwk_set`, and the daemon has noticed.
  void Rotate(std::string jwk_set) {
    entra_.PublishKeys(std::move(jwk_set));
    clock_.Advance(SigningKeys::kCooldown);
    CallContext call(absl::InfiniteFuture());
    const auto noticed = RunToEnd(keys_.Find(provider(), "no such key", call));
    ASSERT_THAT(noticed, HasReason(Reason::kSubjectKeyUnknown));
  }

  // The same key under the same name, but for another algorithm: it stands,
  // and what it signed by RS256 no longer verifies.
  static std::string ForOtherAlgorithm() {
    return JwkSet({TestKey::Rsa2048().PublicJwk("rsa", R"("alg":"PS256")")});
  }
};

TEST_F(SubjectMemory, AVerifiedTokenIsNotVerifiedAgain) {
  const std::string token = LongLived();
  ASSERT_THAT(Verify(token), IsOk());
  Rotate(ForOtherAlgorithm());
  EXPECT_THAT(Verify(token), IsOk());
  SubjectVerifier newcomer(keys_, 1 << 20);
  CallContext call(absl::InfiniteFuture());
  EXPECT_THAT(RunToEnd(newcomer.Verify(SecretString(std::string_view(token)), *blueprint().provider,
                                       now(), call)),
              HasReason(Reason::kSubjectSignature));
}

TEST_F(SubjectMemory, AnotherTokenIsVerifiedForItself) {
  ASSERT_THAT(Verify(LongLived()), IsOk());
  const auto bob = Verify(FakeEntra::Signed(AliceV2(now()).Text("oid", kBobId)));
  ASSERT_THAT(bob, IsOk());
  EXPECT_EQ((*bob)->object_id(), kBobId);
}

TEST_F(SubjectMemory, ATokenIsForgottenWhenItExpires) {
  const std::string token = FakeEntra::Signed(AliceV2(now()).Time("exp", now() + absl::Minutes(5)));
  ASSERT_THAT(Verify(token), IsOk());
  Rotate(ForOtherAlgorithm());
  clock_.Advance(absl::Minutes(5) + absl::Seconds(60));
  EXPECT_THAT(Verify(token), HasReason(Reason::kSubjectSignature));
}

TEST_F(SubjectMemory, ATokenIsForgottenWhenItsKeyLeavesTheSet) {
  const std::string token = LongLived();
  ASSERT_THAT(Verify(token), IsOk());
  Rotate(JwkSet({TestKey::P256().PublicJwk("ec")}));
  EXPECT_THAT(Verify(token), HasReason(Reason::kSubjectKeyUnknown));
}

TEST_F(SubjectMemory, ATokenIsForgottenWhenItsKeyIdNamesAnotherKey) {
  const std::string token = LongLived();
  ASSERT_THAT(Verify(token), IsOk());
  Rotate(JwkSet({TestKey::OtherRsa2048().PublicJwk("rsa")}));
  EXPECT_THAT(Verify(token), HasReason(Reason::kSubjectSignature));
}

TEST_F(SubjectMemory, ATokenIsForgottenWhenTheKeysAreTooOldToBeUsed) {
  const std::string token = LongLived();
  ASSERT_THAT(Verify(token), IsOk());
  http_.On(entra_.metadata_url(), 503, "");
  clock_.Advance(SigningKeys::kMaxAge);
  EXPECT_THAT(Verify(token), HasReason(Reason::kKeysUnavailable));
}

TEST_F(SubjectMemory, ATokenIsForgottenWhenTheProvidersDocumentChanges) {
  const std::string token = LongLived();
  ASSERT_THAT(Verify(token), IsOk());
  const auto changed =
      ContosoCatalog({{"  tenant: 5b404cf4", "  caFile: contoso-ca.pem\n  tenant: 5b404cf4"}});
  entra_.PublishKeys(ForOtherAlgorithm());
  EXPECT_THAT(Verify(token, *changed->blueprints().front()->provider),
              HasReason(Reason::kSubjectSignature));
  EXPECT_EQ(http_.seen().back().ca_file, "contoso-ca.pem");
  EXPECT_THAT(Verify(token), IsOk()) << "under the old document nothing has changed";
}

TEST_F(SubjectMemory, TheRulesAreAppliedToARememberedTokenEveryTime) {
  const std::string token = LongLived();
  ASSERT_THAT(Verify(token), IsOk());
  Provider changed = *blueprint().provider;
  changed.issuer_v1 = changed.issuer_v2 = "https://elsewhere.example/";
  EXPECT_THAT(Verify(token, changed), HasReason(Reason::kSubjectIssuer));
  EXPECT_THAT(Verify(token), IsOk());
}

TEST_F(SubjectMemory, WhatIsRefusedIsNotAcceptedTheSecondTime) {
  const std::string forged = TestKey::OtherRsa2048().Token("RS256", "rsa", AliceV2(now()).ToJson());
  EXPECT_THAT(Verify(forged), HasReason(Reason::kSubjectSignature));
  EXPECT_THAT(Verify(forged), HasReason(Reason::kSubjectSignature));
}

TEST_F(SubjectMemory, RememberedTokensAloneKeepTheKeysFresh) {
  const std::string token = LongLived();
  ASSERT_THAT(Verify(token), IsOk());
  entra_.PublishKeys(JwkSet({TestKey::P256().PublicJwk("ec")}));
  clock_.Advance(SigningKeys::kRefreshAfter + absl::Seconds(1));
  EXPECT_THAT(Verify(token), IsOk()) << "the old keys serve until the new ones are there";
  EXPECT_EQ(http_.count(entra_.keys_url()), 2);
  EXPECT_THAT(Verify(token), HasReason(Reason::kSubjectKeyUnknown));
}

}  // namespace
}  // namespace behalf
