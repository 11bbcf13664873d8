// Each test differs from a token that is accepted in exactly one thing.
#include <optional>
#include <string>
#include <vector>

#include "tests/daemon/oauth/oauth_house.h"

namespace behalf {
namespace {

class SubjectRules : public OauthHouse {
 protected:
  absl::Status Judge(const Claims& claims) { return Verify(FakeEntra::Signed(claims)).status(); }
  bool IsGuest(const Claims& claims) {
    const auto subject = Verify(FakeEntra::Signed(claims));
    EXPECT_THAT(subject, IsOk());
    return subject.ok() && (*subject)->claims().guest;
  }
  Claims V1() const { return AliceV1(now()); }
  Claims V2() const { return AliceV2(now()); }
  static std::string Header(const std::string& more) {
    return R"({"alg":"RS256","kid":"rsa","typ":"JWT")" + more + "}";
  }
};

TEST_F(SubjectRules, AGoodTokenOfVersion1IsAccepted) {
  const auto subject = Verify(FakeEntra::Signed(V1()));
  ASSERT_THAT(subject, IsOk());
  EXPECT_EQ((*subject)->tenant(), kTenant);
  EXPECT_EQ((*subject)->object_id(), kAliceId);
  EXPECT_EQ((*subject)->expires_at(), now() + absl::Hours(1));
}

TEST_F(SubjectRules, AGoodTokenOfVersion2IsAccepted) { EXPECT_THAT(Judge(V2()), IsOk()); }

TEST_F(SubjectRules, AGoodTokenIsAcceptedByRs256Ps256AndEs256) {
  const std::string payload = V2().ToJson();
  EXPECT_THAT(Verify(TestKey::Rsa2048().Token("RS256", "rsa", payload)), IsOk());
  EXPECT_THAT(Verify(TestKey::Rsa2048().Token("PS256", "rsa", payload)), IsOk());
  EXPECT_THAT(Verify(TestKey::P256().Token("ES256", "ec", payload)), IsOk());
}

TEST_F(SubjectRules, WhatIsNoJwtIsMalformed) {
  for (const std::string token : {"", "a", "a.b.c", "e30.e30.", "e30.e30.c2ln"}) {
    SCOPED_TRACE(token);
    EXPECT_THAT(Verify(token), HasReason(Reason::kSubjectMalformed));
  }
  EXPECT_EQ(http_.count(), 0);
}

TEST_F(SubjectRules, AnAlgorithmThatIsNotAcceptedIsRefusedBeforeAnyKeyIsFetched) {
  for (const std::string algorithm : {"HS256", "RS512", "ES384", "none", "rs256"}) {
    SCOPED_TRACE(algorithm);
    const std::string header = R"({"alg":")" + algorithm + R"(","kid":"rsa"})";
    const std::string token = TestKey::Rsa2048().Sign("RS256", header, V2().ToJson());
    EXPECT_THAT(Verify(token), HasReason(Reason::kSubjectAlgorithm));
  }
  EXPECT_EQ(http_.count(), 0);
}

TEST_F(SubjectRules, ATokenWithoutKeyIdIsRefusedBeforeAnyKeyIsFetched) {
  const std::string token =
      TestKey::Rsa2048().Sign("RS256", R"({"alg":"RS256","typ":"JWT"})", V2().ToJson());
  EXPECT_THAT(Verify(token), HasReason(Reason::kSubjectKeyUnknown));
  EXPECT_EQ(http_.count(), 0);
}

TEST_F(SubjectRules, AKeyThatTheIssuerDoesNotPublishIsUnknown) {
  EXPECT_THAT(Verify(TestKey::Rsa2048().Token("RS256", "other", V2().ToJson())),
              HasReason(Reason::kSubjectKeyUnknown));
}

TEST_F(SubjectRules, ASignatureByAnotherKeyIsRefused) {
  EXPECT_THAT(Verify(TestKey::OtherRsa2048().Token("RS256", "rsa", V2().ToJson())),
              HasReason(Reason::kSubjectSignature));
}

TEST_F(SubjectRules, AChangedPayloadIsRefused) {
  const std::string mine = FakeEntra::Signed(V2());
  const std::string bobs = FakeEntra::Signed(V2().Text("oid", kBobId));
  const std::string forged = bobs.substr(0, bobs.rfind('.')) + mine.substr(mine.rfind('.'));
  EXPECT_THAT(Verify(forged), HasReason(Reason::kSubjectSignature));
}

TEST_F(SubjectRules, ATokenWithANonceInItsHeaderIsForGraph) {
  const std::string token =
      TestKey::Rsa2048().Sign("RS256", Header(R"(,"nonce":"n")"), V2().ToJson());
  EXPECT_THAT(Verify(token), HasReason(Reason::kSubjectForGraph));
  EXPECT_EQ(http_.count(), 0);
}

TEST_F(SubjectRules, ATokenForTheAudienceOfGraphIsForGraph) {
  for (const std::string audience : {"https://graph.microsoft.com", "https://graph.microsoft.com/",
                                     "00000003-0000-0000-c000-000000000000"}) {
    SCOPED_TRACE(audience);
    EXPECT_THAT(Judge(V2().Text("aud", audience)), HasReason(Reason::kSubjectForGraph));
  }
  EXPECT_EQ(http_.count(), 0);
}

TEST_F(SubjectRules, EveryNeededClaimMustBeThereAndBeText) {
  for (const std::string claim : {"ver", "iss", "aud", "tid", "oid", "sub"}) {
    SCOPED_TRACE(claim);
    EXPECT_THAT(Judge(V2().Without(claim)), HasReason(Reason::kSubjectClaims));
    EXPECT_THAT(Judge(V2().Text(claim, "")), HasReason(Reason::kSubjectClaims));
    EXPECT_THAT(Judge(V2().Number(claim, 2)), HasReason(Reason::kSubjectClaims));
    EXPECT_THAT(Judge(V2().Json(claim, "null")), HasReason(Reason::kSubjectClaims));
  }
}

TEST_F(SubjectRules, AnAudienceThatIsAListIsRefused) {
  EXPECT_THAT(Judge(V2().Json("aud", R"(["api://8f6c0b2e-0c6c-4f0e-9a51-0f8f5b8a2f11"])")),
              HasReason(Reason::kSubjectClaims));
}

TEST_F(SubjectRules, ExpiryAndBeginMustBePlausibleNumbers) {
  for (const std::string claim : {"exp", "nbf"}) {
    SCOPED_TRACE(claim);
    EXPECT_THAT(Judge(V2().Without(claim)), HasReason(Reason::kSubjectClaims));
    for (const std::string value :
         {"\"1750003600\"", "1750003600.5", "1.75e9", "-1", "0", "946684799", "7258118401",
          "9223372036854775807", "null", "true"}) {
      SCOPED_TRACE(value);
      EXPECT_THAT(Judge(V2().Json(claim, value)), HasReason(Reason::kSubjectClaims));
    }
  }
}

TEST_F(SubjectRules, AnOptionalClaimOfAnotherTypeIsRefused) {
  for (const std::string claim : {"azp", "appid", "scp", "idtyp", "idp", "xms_idrel"}) {
    SCOPED_TRACE(claim);
    EXPECT_THAT(Judge(V2().Json(claim, "5")), HasReason(Reason::kSubjectClaims));
    EXPECT_THAT(Judge(V1().Json(claim, "[\"access_agent\"]")), HasReason(Reason::kSubjectClaims));
    EXPECT_THAT(Judge(V1().Json(claim, "null")), HasReason(Reason::kSubjectClaims));
  }
}

TEST_F(SubjectRules, AnAccountKindThatIsNeitherNumberNorTextIsRefused) {
  for (const std::string value : {"true", "1.0", "[1]", "null"}) {
    SCOPED_TRACE(value);
    EXPECT_THAT(Judge(V2().Json("acct", value)), HasReason(Reason::kSubjectClaims));
  }
}

TEST_F(SubjectRules, IdsAreTheSameInAnyCase) {
  const auto subject =
      Verify(FakeEntra::Signed(V1().Text("oid", "A11CE000-0000-4000-8000-000000000001")
                                   .Text("tid", "5B404CF4-A79D-4CFE-B866-24BF8E1A4921")
                                   .Text("appid", "3D1D5E0A-5D43-4D5E-8A8F-6A2F6F1F9B77")));
  ASSERT_THAT(subject, IsOk());
  EXPECT_EQ((*subject)->object_id(), kAliceId);
  EXPECT_THAT(Judge(V2().Text("azp", "3D1D5E0A-5D43-4D5E-8A8F-6A2F6F1F9B77")), IsOk());
}

TEST_F(SubjectRules, ATokenThatNamesNoClientIsAnIdToken) {
  EXPECT_THAT(Judge(V2().Without("azp")), HasReason(Reason::kSubjectIdToken));
  EXPECT_THAT(Judge(V1().Without("appid")), HasReason(Reason::kSubjectIdToken));
  EXPECT_THAT(Judge(V2().Text("azp", "")), HasReason(Reason::kSubjectIdToken));
}

TEST_F(SubjectRules, ATokenWithANonceClaimIsAnIdToken) {
  EXPECT_THAT(Judge(V2().Text("nonce", "n")), HasReason(Reason::kSubjectIdToken));
}

TEST_F(SubjectRules, ATokenWithAnAccessTokenHashIsAnIdToken) {
  EXPECT_THAT(Judge(V2().Text("at_hash", "h")), HasReason(Reason::kSubjectIdToken));
}

TEST_F(SubjectRules, ATokenWithACodeHashIsAnIdToken) {
  EXPECT_THAT(Judge(V2().Text("c_hash", "h")), HasReason(Reason::kSubjectIdToken));
}

TEST_F(SubjectRules, ATokenMarkedAsAnAppsIsAppOnly) {
  EXPECT_THAT(Judge(V2().Text("idtyp", "app")), HasReason(Reason::kSubjectAppOnly));
  EXPECT_THAT(Judge(V2().Text("idtyp", "user")), IsOk());
}

TEST_F(SubjectRules, ATokenWithRolesInPlaceOfScopesIsAppOnly) {
  EXPECT_THAT(Judge(V2().Without("scp").Json("roles", R"(["Agent.Use"])")),
              HasReason(Reason::kSubjectAppOnly));
  EXPECT_THAT(Judge(V2().Text("scp", " ").Json("roles", R"(["Agent.Use"])")),
              HasReason(Reason::kSubjectAppOnly));
  EXPECT_THAT(Judge(V2().Json("roles", R"(["Agent.Use"])")), IsOk());
}

TEST_F(SubjectRules, TheIssuerOfAnotherTenantIsRefusedAlthoughItSignsWithTheSameKey) {
  EXPECT_THAT(Judge(V2().Text("iss",
                              "https://login.microsoftonline.com/"
                              "11111111-2222-3333-4444-555555555555/v2.0")),
              HasReason(Reason::kSubjectIssuer));
  EXPECT_THAT(
      Judge(V1().Text("iss", "https://sts.windows.net/11111111-2222-3333-4444-555555555555/")),
      HasReason(Reason::kSubjectIssuer));
}

TEST_F(SubjectRules, TheIssuerMustHaveTheFormOfTheTokensVersion) {
  EXPECT_THAT(Judge(V1().Text("iss", kIssuerV2)), HasReason(Reason::kSubjectIssuer));
  EXPECT_THAT(Judge(V2().Text("iss", kIssuerV1)), HasReason(Reason::kSubjectIssuer));
  EXPECT_THAT(Judge(V2().Text("ver", "1.0")), HasReason(Reason::kSubjectIssuer));
  EXPECT_THAT(Judge(V1().Text("ver", "2.0")), HasReason(Reason::kSubjectIssuer));
}

TEST_F(SubjectRules, TheIssuerMustBeTheSameByteForByte) {
  const std::string v2 = kIssuerV2;
  for (const std::string& issuer : {v2 + "/", v2.substr(0, v2.size() - 1), "http" + v2.substr(5),
                                    "https://LOGIN.microsoftonline.com" + v2.substr(33)}) {
    SCOPED_TRACE(issuer);
    EXPECT_THAT(Judge(V2().Text("iss", issuer)), HasReason(Reason::kSubjectIssuer));
  }
}

TEST_F(SubjectRules, AVersionThatDoesNotExistIsRefused) {
  for (const std::string version : {"3.0", "1", "2", "2.0 ", "v2.0"}) {
    SCOPED_TRACE(version);
    EXPECT_THAT(Judge(V2().Text("ver", version)), HasReason(Reason::kSubjectIssuer));
  }
}

TEST_F(SubjectRules, TheClientMustBeNamedInTheFormOfTheTokensVersion) {
  EXPECT_THAT(Judge(V1().Without("appid").Text("azp", kFrontendId)),
              HasReason(Reason::kSubjectIssuer));
  EXPECT_THAT(Judge(V2().Without("azp").Text("appid", kFrontendId)),
              HasReason(Reason::kSubjectIssuer));
}

TEST_F(SubjectRules, ATokenThatNamesItsClientInBothFormsIsRefused) {
  EXPECT_THAT(Judge(V1().Text("azp", kFrontendId)), HasReason(Reason::kSubjectIssuer));
  EXPECT_THAT(Judge(V2().Text("appid", kFrontendId)), HasReason(Reason::kSubjectIssuer));
}

TEST_F(SubjectRules, TheTenantMustBeTheIssuers) {
  EXPECT_THAT(Judge(V2().Text("tid", kOtherTenant)), HasReason(Reason::kSubjectIssuer));
  EXPECT_THAT(Judge(V1().Text("tid", kOtherTenant)), HasReason(Reason::kSubjectIssuer));
}

TEST_F(SubjectRules, AUserOfAnotherIdentityProviderIsAGuest) {
  EXPECT_TRUE(
      IsGuest(V2().Text("idp", "https://sts.windows.net/11111111-2222-3333-4444-555555555555/")));
  EXPECT_TRUE(IsGuest(V2().Text("idp", "live.com")));
  EXPECT_FALSE(IsGuest(V2()));
  EXPECT_FALSE(IsGuest(V2().Text("idp", kIssuerV1)));
  EXPECT_FALSE(IsGuest(V1().Text("idp", kIssuerV2)));
}

TEST_F(SubjectRules, AnAccountOfGuestKindIsAGuest) {
  EXPECT_TRUE(IsGuest(V2().Number("acct", 1)));
  EXPECT_TRUE(IsGuest(V2().Text("acct", "1")));
  EXPECT_FALSE(IsGuest(V2().Number("acct", 0)));
}

TEST_F(SubjectRules, AUserRelatedAsAGuestIsAGuest) {
  for (const std::string relations : {"5", "1 5", "5 30", "26 5 1"}) {
    EXPECT_TRUE(IsGuest(V2().Text("xms_idrel", relations))) << relations;
  }
  for (const std::string relations : {"", "1", "1 15", "25 50 55"}) {
    EXPECT_FALSE(IsGuest(V2().Text("xms_idrel", relations))) << relations;
  }
}

TEST_F(SubjectRules, WhatATokenSaysOfTheUsersStandingIsRead) {
  const auto subject = Verify(FakeEntra::Signed(V2().Json("groups", R"(["g2","g1"])")
                                                    .Json("roles", "[]")
                                                    .Json("amr", R"(["pwd","mfa"])")
                                                    .Json("acrs", R"(["c1"])")
                                                    .Text("acr", "1")
                                                    .Time("auth_time", now())));
  ASSERT_THAT(subject, IsOk());
  const SubjectClaims& claims = (*subject)->claims();
  using List = std::vector<std::string>;
  EXPECT_EQ(claims.groups, (List{"g1", "g2"}));
  EXPECT_EQ(claims.roles, List{});
  EXPECT_EQ(claims.amr, (List{"mfa", "pwd"}));
  EXPECT_EQ(claims.auth_contexts, List{"c1"});
  EXPECT_EQ(claims.acr, "1");
  EXPECT_EQ(claims.signed_in_at, now());
}

TEST_F(SubjectRules, WhatATokenDoesNotSayIsUnknown) {
  const auto subject = Verify(FakeEntra::Signed(V2()));
  ASSERT_THAT(subject, IsOk());
  const SubjectClaims& claims = (*subject)->claims();
  EXPECT_EQ(claims.groups, std::nullopt);
  EXPECT_EQ(claims.roles, std::nullopt);
  EXPECT_EQ(claims.amr, std::nullopt);
  EXPECT_EQ(claims.auth_contexts, std::nullopt);
  EXPECT_EQ(claims.acr, std::nullopt);
  EXPECT_EQ(claims.signed_in_at, std::nullopt);
}

TEST_F(SubjectRules, AStandingOfAnotherTypeIsRefused) {
  for (const std::string claim : {"groups", "roles", "amr", "acrs", "acr", "auth_time"}) {
    SCOPED_TRACE(claim);
    for (const std::string value : {"true", "null", "[1]", R"({"a":1})", "1.5"}) {
      EXPECT_THAT(Judge(V2().Json(claim, value)), HasReason(Reason::kSubjectClaims)) << value;
    }
  }
}

TEST_F(SubjectRules, ATokenIsValidSixtySecondsBeforeItBeginsAndNoSooner) {
  EXPECT_THAT(Judge(V2().Time("nbf", now() + absl::Seconds(60))), IsOk());
  EXPECT_THAT(Judge(V2().Time("nbf", now() + absl::Seconds(61))),
              HasReason(Reason::kSubjectNotYetValid));
}

TEST_F(SubjectRules, ATokenIsValidUntilSixtySecondsAfterItsEndAndNoLonger) {
  EXPECT_THAT(Judge(V2().Time("exp", now() - absl::Seconds(59))), IsOk());
  EXPECT_THAT(Judge(V2().Time("exp", now() - absl::Seconds(60))),
              HasReason(Reason::kSubjectExpired));
}

}  // namespace
}  // namespace behalf
