// Each test differs from a reply that is accepted in exactly one thing.
#include "daemon/oauth/entra_reply.h"

#include <cstdint>
#include <optional>
#include <string>

#include "daemon/oauth/entra_claims.h"
#include "tests/daemon/oauth/oauth_house.h"

namespace behalf {
namespace {

class EntraReply : public OauthHouse {
 protected:
  ProviderReply ReplyWith(const std::string& token) const {
    return ProviderReply{.token_type = "Bearer",
                         .access_token = SecretString(std::string_view(token)),
                         .expires_in = 75 * 60,
                         .correlation_id = "sent-1"};
  }
  absl::StatusOr<ApiToken> Check(ProviderReply reply) const {
    return CheckEntraReply(std::move(reply), request_, now());
  }
  absl::StatusOr<ApiToken> Check(const Claims& claims) const {
    return Check(ReplyWith(UnsignedToken(claims)));
  }
  absl::StatusOr<ApiToken> CheckType(const std::string& token_type) const {
    ProviderReply reply = ReplyWith(UnsignedToken(V1()));
    reply.token_type = token_type;
    return Check(std::move(reply));
  }
  absl::StatusOr<ApiToken> CheckExpiresIn(std::optional<std::int64_t> seconds,
                                          const Claims& claims) const {
    ProviderReply reply = ReplyWith(UnsignedToken(claims));
    reply.expires_in = seconds;
    return Check(std::move(reply));
  }
  Claims V1() const { return GraphReply(now()); }
  Claims V2() const { return GraphReplyV2(now()); }

  ExchangeRequest request_ = MailRequest(Alice());
};

TEST_F(EntraReply, AGoodReplyOfVersion1IsAccepted) {
  const std::string jwt = UnsignedToken(V1());
  const auto token = Check(ReplyWith(jwt));
  ASSERT_THAT(token, IsOk());
  EXPECT_EQ(token->value.Reveal(), jwt);
  EXPECT_EQ(token->expires_at, now() + absl::Minutes(75));
  EXPECT_EQ(token->obtained_at, now());
  EXPECT_THAT(token->scopes, testing::ElementsAre("Mail.Read", "Mail.Send", "User.Read"));
  EXPECT_EQ(token->unique_id, "uti-1");
  EXPECT_EQ(token->correlation_id, "sent-1");
}

TEST_F(EntraReply, ClaimsThatHoldTheUsersTokenAreNotPassedOn) {
  const std::string subject(request_.subject->token().Reveal());
  const std::string piece = subject.substr(subject.size() - 12);
  Claims claims = V1();
  claims.Text("uti", piece);
  const auto token = Check(claims);
  ASSERT_THAT(token, IsOk());
  EXPECT_EQ(token->unique_id, "");

  claims.Text("aud", piece);
  const absl::Status refused = Check(claims).status();
  EXPECT_THAT(refused, HasReason(Reason::kReplyAudience));
  EXPECT_THAT(Everything(refused), testing::Not(testing::HasSubstr(piece)));
}

TEST_F(EntraReply, AGoodReplyOfVersion2WithoutAgentClaimsIsAccepted) {
  EXPECT_THAT(Check(V2()), IsOk());
}

TEST_F(EntraReply, WhatIsNoJwtIsMalformed) {
  for (const std::string token : {"", "opaque", "a.b.c", "e30.e30.c2ln"}) {
    SCOPED_TRACE(token);
    EXPECT_THAT(Check(ReplyWith(token)), HasReason(Reason::kReplyMalformed));
  }
}

TEST_F(EntraReply, TheTokenMustBeABearerTokenInAnyCase) {
  for (const std::string type : {"Bearer", "bearer", "BEARER"}) {
    SCOPED_TRACE(type);
    EXPECT_THAT(CheckType(type), IsOk());
  }
  for (const std::string type : {"", "DPoP", "PoP", "N_A", "Bearer ", "Bearer DPoP"}) {
    SCOPED_TRACE(type);
    EXPECT_THAT(CheckType(type), HasReason(Reason::kReplyTokenType));
  }
}

TEST_F(EntraReply, TheIssuerMustBeTheProvidersInTheFormOfTheVersion) {
  EXPECT_THAT(Check(V1().Text("iss", kIssuerV2)), HasReason(Reason::kReplyIssuer));
  EXPECT_THAT(Check(V2().Text("iss", kIssuerV1)), HasReason(Reason::kReplyIssuer));
  EXPECT_THAT(Check(V1().Text("iss",
                              "https://sts.windows.net/"
                              "11111111-2222-3333-4444-555555555555/")),
              HasReason(Reason::kReplyIssuer));
  EXPECT_THAT(Check(V2().Text("iss",
                              "https://login.microsoftonline.com/"
                              "11111111-2222-3333-4444-555555555555/v2.0")),
              HasReason(Reason::kReplyIssuer));
  EXPECT_THAT(Check(V1().Without("iss")), HasReason(Reason::kReplyIssuer));
}

TEST_F(EntraReply, TheVersionMustExist) {
  for (const std::string version : {"", "1", "3.0", "2.0.0"}) {
    SCOPED_TRACE(version);
    EXPECT_THAT(Check(V2().Text("ver", version)), HasReason(Reason::kReplyIssuer));
  }
  EXPECT_THAT(Check(V2().Without("ver")), HasReason(Reason::kReplyIssuer));
  EXPECT_THAT(Check(V2().Json("ver", "2.0")), HasReason(Reason::kReplyIssuer));
}

TEST_F(EntraReply, TheTenantMustBeTheProviders) {
  EXPECT_THAT(Check(V1().Text("tid", kOtherTenant)), HasReason(Reason::kReplyTenant));
  EXPECT_THAT(Check(V2().Without("tid")), HasReason(Reason::kReplyTenant));
}

TEST_F(EntraReply, TheAudienceMustBeOneOfTheApis) {
  for (const std::string audience :
       {"", "https://graph.microsoft.com/", "https://graph.microsoft.co",
        "HTTPS://graph.microsoft.com", kBlueprintAudience}) {
    SCOPED_TRACE(audience);
    EXPECT_THAT(Check(V1().Text("aud", audience)), HasReason(Reason::kReplyAudience));
  }
  EXPECT_THAT(Check(V1().Without("aud")), HasReason(Reason::kReplyAudience));
}

TEST_F(EntraReply, AnAudienceThatIsAListIsRefused) {
  EXPECT_THAT(Check(V1().Json("aud", R"(["https://graph.microsoft.com"])")),
              HasReason(Reason::kReplyAudience));
}

TEST_F(EntraReply, TheClientMustBeTheAgentInTheFormOfTheVersion) {
  EXPECT_THAT(Check(V1().Text("appid", kReportBotId)), HasReason(Reason::kReplyAgent));
  EXPECT_THAT(Check(V1().Text("appid", kBlueprintId)), HasReason(Reason::kReplyAgent));
  EXPECT_THAT(Check(V1().Without("appid").Text("azp", kInvoiceBotId)),
              HasReason(Reason::kReplyAgent));
  EXPECT_THAT(Check(V2().Text("azp", kReportBotId)), HasReason(Reason::kReplyAgent));
  EXPECT_THAT(Check(V2().Without("azp").Text("appid", kInvoiceBotId)),
              HasReason(Reason::kReplyAgent));
}

TEST_F(EntraReply, AStatedParentMustBeTheBlueprint) {
  EXPECT_THAT(Check(V1().Text("xms_par_app_azp", kFrontendId)), HasReason(Reason::kReplyActor));
  EXPECT_THAT(Check(V1().Text("xms_par_app_azp", "")), HasReason(Reason::kReplyActor));
  EXPECT_THAT(Check(V1().Json("xms_par_app_azp", "null")), HasReason(Reason::kReplyActor));
  EXPECT_THAT(Check(V1().Without("xms_par_app_azp")), IsOk());
}

TEST_F(EntraReply, AStatedActorMustBeAnAgent) {
  for (const std::string facets : {"", "3 9", "111", "3 1 1", "3,11"}) {
    SCOPED_TRACE(facets);
    EXPECT_THAT(Check(V1().Text("xms_act_fct", facets)), HasReason(Reason::kReplyActor));
  }
  EXPECT_THAT(Check(V1().Json("xms_act_fct", "11")), HasReason(Reason::kReplyActor));
  EXPECT_THAT(Check(V1().Text("xms_act_fct", "11")), IsOk());
  EXPECT_THAT(Check(V1().Without("xms_act_fct")), IsOk());
}

TEST_F(EntraReply, ATokenOfAVersionThatIsNotTheApisIsRefused) {
  constexpr char kScopes[] = "  scopes: [Mail.Read, Mail.Send, User.Read]\n";
  const auto check = [&](const std::string& version, const Claims& claims) {
    const auto catalog =
        ContosoCatalog({{kScopes, absl::StrCat("  tokenVersion: ", version, "\n", kScopes)}});
    const Agent& agent = *catalog->FindAgent("invoice-bot");
    ExchangeRequest request(catalog, agent, agent.blueprint->allow.front(), request_.subject);
    request.scopes = request_.scopes;
    return CheckEntraReply(ReplyWith(UnsignedToken(claims)), request, now());
  };
  EXPECT_THAT(check("v1", V1()), IsOk());
  EXPECT_THAT(check("v1", V2()), HasReason(Reason::kReplyIssuer));
  EXPECT_THAT(check("v2", V2()), IsOk());
  EXPECT_THAT(check("v2", V1()), HasReason(Reason::kReplyIssuer));
}

TEST_F(EntraReply, ATokenForAnAppIsNotTheUsers) {
  for (const std::string type : {"app", "", "device"}) {
    SCOPED_TRACE(type);
    EXPECT_THAT(Check(V1().Text("idtyp", type)), HasReason(Reason::kReplyUser));
  }
  EXPECT_THAT(Check(V1().Json("idtyp", "1")), HasReason(Reason::kReplyUser));
}

TEST_F(EntraReply, ATokenForAnotherUserIsRefused) {
  EXPECT_THAT(Check(V1().Text("oid", kBobId)), HasReason(Reason::kReplyUser));
  EXPECT_THAT(Check(V1().Text("oid", kInvoiceBotId)), HasReason(Reason::kReplyUser));
  EXPECT_THAT(Check(V1().Without("oid")), HasReason(Reason::kReplyUser));
}

TEST_F(EntraReply, TheSameObjectIdInAnotherTenantIsAnotherUser) {
  const auto elsewhere = ContosoCatalog({{kTenant, kOtherTenant}});
  const Agent& agent = *elsewhere->FindAgent("invoice-bot");
  ExchangeRequest request(elsewhere, agent, agent.blueprint->allow.front(), request_.subject);
  request.scopes = request_.scopes;
  const Claims claims =
      V1().Text("tid", kOtherTenant).Text("iss", elsewhere->providers().front()->issuer_v1);
  EXPECT_THAT(CheckEntraReply(ReplyWith(UnsignedToken(claims)), request, now()),
              HasReason(Reason::kReplyUser));
}

TEST_F(EntraReply, ThePairwiseSubjectIsNotCompared) {
  EXPECT_THAT(Check(V1().Text("sub", "something else")), IsOk());
  EXPECT_THAT(Check(V1().Without("sub")), IsOk());
}

TEST_F(EntraReply, IdsAreTheSameInAnyCase) {
  EXPECT_THAT(Check(V1().Text("tid", "5B404CF4-A79D-4CFE-B866-24BF8E1A4921")
                        .Text("oid", "A11CE000-0000-4000-8000-000000000001")
                        .Text("appid", "B1A7B9DE-7D0E-4A4E-9A56-5BB3A4A0C1D2")
                        .Text("xms_par_app_azp", "8F6C0B2E-0C6C-4F0E-9A51-0F8F5B8A2F11")),
              IsOk());
}

TEST_F(EntraReply, AScopeThatWasAskedForMustNotBeMissing) {
  for (const std::string scopes :
       {"", "Mail.Read", "Mail.Send User.Read", "mail.read mail.send", "Mail.ReadMail.Send"}) {
    SCOPED_TRACE(scopes);
    EXPECT_THAT(Check(V1().Text("scp", scopes)), HasReason(Reason::kReplyScopeMissing));
  }
  EXPECT_THAT(Check(V1().Without("scp")), HasReason(Reason::kReplyScopeMissing));
  EXPECT_THAT(Check(V1().Json("scp", R"(["Mail.Read","Mail.Send"])")),
              HasReason(Reason::kReplyScopeMissing));
}

TEST_F(EntraReply, AScopeBeyondThoseAskedForAndAcceptedIsRefused) {
  for (const std::string scopes :
       {"Mail.Read Mail.Send Files.Read", "Mail.Read Mail.Send User.Read.All",
        "Mail.Read Mail.Send user.read"}) {
    SCOPED_TRACE(scopes);
    const auto refused = Check(V1().Text("scp", scopes));
    EXPECT_THAT(refused, HasReason(Reason::kReplyScopeExcess));
    EXPECT_EQ(DetailOf(refused.status()).metadata.at("correlation_id"), "sent-1");
  }
}

TEST_F(EntraReply, WhatTheAllowanceHoldsBeyondWhatWasAskedForIsExcess) {
  request_.scopes = {"Mail.Read"};
  EXPECT_THAT(Check(V1()), HasReason(Reason::kReplyScopeExcess));
  EXPECT_THAT(Check(V1().Text("scp", "Mail.Read User.Read")), IsOk());
}

TEST_F(EntraReply, OrderAndRepetitionOfScopesDoNotMatter) {
  const auto token = Check(V1().Text("scp", " User.Read  Mail.Send Mail.Read Mail.Send "));
  ASSERT_THAT(token, IsOk());
  EXPECT_THAT(token->scopes, testing::ElementsAre("Mail.Read", "Mail.Send", "User.Read"));
  EXPECT_THAT(Check(V1().Text("scp", "Mail.Send Mail.Read")), IsOk());
}

TEST_F(EntraReply, ATokenWithoutAUsableExpiryIsMalformed) {
  EXPECT_THAT(Check(V1().Without("exp")), HasReason(Reason::kReplyMalformed));
  for (const std::string value :
       {"\"1750004500\"", "1750004500.5", "-1", "0", "true", "null", "9223372036854775807"}) {
    SCOPED_TRACE(value);
    EXPECT_THAT(Check(V1().Json("exp", value)), HasReason(Reason::kReplyMalformed));
  }
}

TEST_F(EntraReply, AReplyThatEndsAtOnceIsExpired) {
  for (const std::int64_t seconds : {std::int64_t{0}, std::int64_t{-1}, INT64_MIN}) {
    SCOPED_TRACE(seconds);
    EXPECT_THAT(CheckExpiresIn(seconds, V1()), HasReason(Reason::kReplyExpired));
  }
}

TEST_F(EntraReply, ATokenNeedsMoreThanTenSecondsLeft) {
  EXPECT_THAT(Check(V1().Time("exp", now() + absl::Seconds(10))), HasReason(Reason::kReplyExpired));
  EXPECT_THAT(Check(V1().Time("exp", now() + absl::Seconds(11))), IsOk());
  EXPECT_THAT(CheckExpiresIn(10, V1()), HasReason(Reason::kReplyExpired));
  EXPECT_THAT(CheckExpiresIn(11, V1()), IsOk());
}

TEST_F(EntraReply, TheEarlierOfBothExpiriesCounts) {
  const auto by_reply = CheckExpiresIn(600, V1());
  ASSERT_THAT(by_reply, IsOk());
  EXPECT_EQ(by_reply->expires_at, now() + absl::Minutes(10));
  for (const auto& absurd :
       {std::optional<std::int64_t>(INT64_MAX), std::optional<std::int64_t>()}) {
    const auto by_token = CheckExpiresIn(absurd, V1());
    ASSERT_THAT(by_token, IsOk());
    EXPECT_EQ(by_token->expires_at, now() + absl::Minutes(75));
  }
}

TEST_F(EntraReply, ATokenMustHaveBegunWithinSixtySeconds) {
  EXPECT_THAT(Check(V1().Time("nbf", now() + absl::Seconds(60))), IsOk());
  EXPECT_THAT(Check(V1().Time("nbf", now() + absl::Seconds(61))), HasReason(Reason::kReplyExpired));
  EXPECT_THAT(Check(V1().Text("nbf", "now")), HasReason(Reason::kReplyExpired));
  EXPECT_THAT(Check(V1().Without("nbf")), IsOk());
}

TEST_F(EntraReply, ATokenMayLiveAsLongAsTheAllowanceSaysAndNoLonger) {
  EXPECT_THAT(CheckExpiresIn({}, V1().Time("exp", now() + absl::Minutes(90))), IsOk());
  EXPECT_THAT(CheckExpiresIn({}, V1().Time("exp", now() + absl::Minutes(90) + absl::Seconds(1))),
              HasReason(Reason::kReplyLifetime));
}

TEST_F(EntraReply, AShortExpiryAroundTheTokenDoesNotHideItsLongLife) {
  EXPECT_THAT(CheckExpiresIn(60, V1().Time("exp", now() + absl::Hours(24 * 365))),
              HasReason(Reason::kReplyLifetime));
}

TEST_F(EntraReply, TheAudienceThatCameIsToldTheOperator) {
  const auto refused = Check(V1().Text("aud", "api://elsewhere"));
  EXPECT_EQ(DetailOf(refused.status()).metadata.at("audience"), "api://elsewhere");
}

class Limits : public EntraReply {
 protected:
  ApiToken token_ = *Check(V1());
};

TEST_F(Limits, ATokenFromTheCacheThatStillFitsIsGood) {
  EXPECT_THAT(CheckLimits(token_, request_, now()), IsOk());
}

TEST_F(Limits, ATokenFromTheCacheNeedsMoreThanTenSecondsLeft) {
  EXPECT_THAT(CheckLimits(token_, request_, token_.expires_at - absl::Seconds(11)), IsOk());
  EXPECT_THAT(CheckLimits(token_, request_, token_.expires_at - absl::Seconds(10)),
              HasReason(Reason::kReplyExpired));
}

TEST_F(Limits, ATokenFromTheCacheMustNotLiveLongerThanNowAllowed) {
  request_.max_lifetime = absl::Minutes(75);
  EXPECT_THAT(CheckLimits(token_, request_, now()), IsOk());
  request_.max_lifetime = absl::Minutes(75) - absl::Seconds(1);
  EXPECT_THAT(CheckLimits(token_, request_, now()), HasReason(Reason::kReplyLifetime));
}

TEST_F(Limits, ATokenFromTheCacheMustCarryWhatIsAskedForNow) {
  request_.scopes = {"Mail.Read", "Mail.ReadWrite", "Mail.Send"};
  EXPECT_THAT(CheckLimits(token_, request_, now()), HasReason(Reason::kReplyScopeMissing));
}

TEST_F(Limits, ATokenFromTheCacheMustNotCarryMoreThanIsAllowedNow) {
  request_.scopes = {"Mail.Read"};
  EXPECT_THAT(CheckLimits(token_, request_, now()), HasReason(Reason::kReplyScopeExcess));
}

TEST(EntraClaims, AFacetIsFoundAsAWholeMemberOnly) {
  EXPECT_TRUE(HasFacet("11", "11"));
  EXPECT_TRUE(HasFacet(" 3  11 ", "11"));
  EXPECT_FALSE(HasFacet("", "11"));
  EXPECT_FALSE(HasFacet("1 1", "11"));
  EXPECT_FALSE(HasFacet("311 110", "11"));
}

}  // namespace
}  // namespace behalf
