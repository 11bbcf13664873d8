#include "daemon/oauth/entra_errors.h"

#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "tests/daemon/oauth/oauth_house.h"

namespace behalf {
namespace {

constexpr char kChallenge[] =
    R"({\"access_token\":{\"polids\":{\"essential\":true,\"values\":[\"5b404cf4\"]}}})";

std::string Body(int code, const std::string& error, const std::string& more = "") {
  return absl::StrCat(R"({"error":")", error, R"(","error_codes":[)", code,
                      R"(],"error_description":"AADSTS: text","correlation_id":"c-1")", more, "}");
}

TEST(EntraErrors, EveryKnownCodeHasItsReason) {
  for (const EntraErrorRow& row : EntraErrorRows()) {
    SCOPED_TRACE(row.code);
    const absl::Status status =
        EntraError(Answered(400, Body(row.code, "a_new_error")), EntraLeg::kOnBehalfOf);
    EXPECT_THAT(status, HasReason(row.reason));
    EXPECT_EQ(DetailOf(status).metadata.at("provider_code"), absl::StrCat("AADSTS", row.code));
    const bool transient = RowOf(row.reason).move == Move::kRetry;
    EXPECT_EQ(DetailOf(status).retry_after.has_value(), transient);
  }
}

// A second look at those that matter most, apart from the table.
TEST(EntraErrors, TheReasonSaysWhoseMoveItIs) {
  struct Row {
    int code;
    int status;
    const char* error;
    Reason reason;
  };
  const std::vector<Row> table = {
      {50013, 400, "invalid_grant", Reason::kSubjectRefused},
      {500133, 400, "invalid_grant", Reason::kSubjectRefused},
      {65001, 400, "invalid_grant", Reason::kConsentRequired},
      {50076, 400, "interaction_required", Reason::kInteractionRequired},
      {53003, 400, "interaction_required", Reason::kAccessBlocked},
      {7000215, 401, "invalid_client", Reason::kCredentialRefused},
      {7000222, 401, "invalid_client", Reason::kCredentialRefused},
      {700016, 400, "unauthorized_client", Reason::kProviderMisconfigured},
      {82001, 400, "unauthorized_client", Reason::kProviderRejected},
      {90055, 400, "temporarily_unavailable", Reason::kProviderThrottled},
      {90033, 503, "temporarily_unavailable", Reason::kProviderUnavailable},
  };
  for (const Row& row : table) {
    SCOPED_TRACE(row.code);
    EXPECT_THAT(EntraError(Answered(row.status, Body(row.code, row.error)), EntraLeg::kOnBehalfOf),
                HasReason(row.reason));
  }
}

TEST(EntraErrors, ACodeOutweighsTheErrorItComesWith) {
  EXPECT_THAT(EntraError(Answered(400, Body(65001, "invalid_grant", R"(,"suberror":"bad_token")")),
                         EntraLeg::kOnBehalfOf),
              HasReason(Reason::kConsentRequired));
}

TEST(EntraErrors, AnUnknownCodeFallsBackOnTheError) {
  struct Row {
    const char* error;
    const char* suberror;
    Reason reason;
  };
  const std::vector<Row> table = {
      {"invalid_grant", "", Reason::kSubjectRefused},
      {"invalid_grant", "bad_token", Reason::kSubjectRefused},
      {"invalid_grant", "consent_required", Reason::kConsentRequired},
      {"invalid_grant", "basic_action", Reason::kInteractionRequired},
      {"interaction_required", "", Reason::kInteractionRequired},
      {"consent_required", "", Reason::kConsentRequired},
      {"login_required", "", Reason::kInteractionRequired},
      {"access_denied", "", Reason::kAccessBlocked},
      {"invalid_client", "", Reason::kCredentialRefused},
      {"unauthorized_client", "", Reason::kProviderMisconfigured},
      {"invalid_resource", "", Reason::kProviderMisconfigured},
      {"invalid_scope", "", Reason::kProviderRejected},
      {"invalid_request", "", Reason::kProviderRejected},
      {"unsupported_grant_type", "", Reason::kProviderRejected},
      {"temporarily_unavailable", "", Reason::kProviderUnavailable},
      {"server_error", "", Reason::kProviderUnavailable},
      {"something_new", "", Reason::kProviderRejected},
      {"", "", Reason::kProviderRejected},
  };
  for (const Row& row : table) {
    SCOPED_TRACE(absl::StrCat(row.error, " ", row.suberror));
    const std::string suberror = absl::StrCat(R"(,"suberror":")", row.suberror, "\"");
    EXPECT_THAT(
        EntraError(Answered(400, Body(1234567, row.error, suberror)), EntraLeg::kOnBehalfOf),
        HasReason(row.reason));
    const std::string without_codes = absl::StrCat(R"({"error":")", row.error, "\"", suberror, "}");
    EXPECT_THAT(EntraError(Answered(400, without_codes), EntraLeg::kOnBehalfOf),
                HasReason(row.reason));
  }
}

TEST(EntraErrors, TheStatusTellsWhereTheBodyDoesNot) {
  struct Row {
    int status;
    const char* body;
    Reason reason;
  };
  const std::vector<Row> table = {
      {429, "", Reason::kProviderThrottled},
      {429, "{}", Reason::kProviderThrottled},
      {429, R"({"error":"invalid_grant","error_codes":[50013]})", Reason::kProviderThrottled},
      {500, "{}", Reason::kProviderUnavailable},
      {502, "<html><body>Bad Gateway</body></html>", Reason::kProviderUnavailable},
      {503, "<html>Service Unavailable</html>", Reason::kProviderUnavailable},
      {503, R"({"error":"invalid_grant"})", Reason::kProviderUnavailable},
      {400, "<html>Bad Request</html>", Reason::kReplyMalformed},
      {400, "", Reason::kReplyMalformed},
      {302, "", Reason::kReplyMalformed},
      {204, "", Reason::kReplyMalformed},
      {400, R"(["invalid_grant"])", Reason::kReplyMalformed},
      {404, "{}", Reason::kProviderRejected},
      {400, R"({"error_codes":[],"error":"invalid_grant"})", Reason::kSubjectRefused},
      {400, R"({"error_codes":["50013"],"error":"invalid_scope"})", Reason::kProviderRejected},
      {400, R"({"error_codes":50013,"error":"invalid_scope"})", Reason::kProviderRejected},
      {400, R"({"error":7})", Reason::kProviderRejected},
  };
  for (const Row& row : table) {
    SCOPED_TRACE(absl::StrCat(row.status, " ", row.body));
    EXPECT_THAT(EntraError(Answered(row.status, row.body), EntraLeg::kOnBehalfOf),
                HasReason(row.reason));
  }
}

TEST(EntraErrors, InTheFirstLegNoUserIsToBlame) {
  EXPECT_THAT(EntraError(Answered(400, Body(50013, "invalid_grant")), EntraLeg::kCredential),
              HasReason(Reason::kProviderMisconfigured));
  EXPECT_THAT(EntraError(Answered(401, Body(7000215, "invalid_client")), EntraLeg::kCredential),
              HasReason(Reason::kCredentialRefused));
}

TEST(EntraErrors, TheClaimsChallengeIsKeptByteForByte) {
  const absl::Status status = EntraError(
      Answered(400,
               Body(50076, "interaction_required",
                    absl::StrCat(R"(,"suberror":"basic_action","claims":")", kChallenge, "\""))),
      EntraLeg::kOnBehalfOf);
  EXPECT_THAT(status, HasReason(Reason::kInteractionRequired));
  const auto metadata = DetailOf(status).metadata;
  EXPECT_EQ(metadata.at("claims"),
            R"({"access_token":{"polids":{"essential":true,"values":["5b404cf4"]}}})");
  EXPECT_EQ(metadata.at("suberror"), "basic_action");
  EXPECT_EQ(metadata.at("error"), "interaction_required");
  EXPECT_EQ(metadata.at("correlation_id"), "c-1");
}

TEST(EntraErrors, WhatIsNoChallengeIsNotPassedOn) {
  for (const std::string& claims : {std::string("eyJhbGciOi"), std::string("[]"),
                                    "{\\\"a\\\":\\\"" + std::string(5000, 'x') + "\\\"}"}) {
    const absl::Status status = EntraError(
        Answered(400, Body(50076, "interaction_required", R"(,"claims":")" + claims + "\"")),
        EntraLeg::kOnBehalfOf);
    EXPECT_FALSE(DetailOf(status).metadata.contains("claims"));
  }
}

TEST(EntraErrors, OnlyPlainWordsArePassedOn) {
  const std::string token = "eyJhbGciOiJSUzI1NiJ9.eyJvaWQiOiJhbGljZSJ9.c2ln";
  const std::string body = absl::StrCat(
      R"({"error":")", token, R"(","suberror":"two words","correlation_id":")",
      std::string(65, 'a'), R"(","trace_id":"t-1","timestamp":"now","error_uri":"https://x"})");
  const auto metadata = DetailOf(EntraError(Answered(400, body), EntraLeg::kOnBehalfOf)).metadata;
  EXPECT_THAT(metadata, testing::IsEmpty());
}

TEST(EntraErrors, TheDescriptionIsNeverPassedOn) {
  const std::vector<std::string> bodies = {
      R"({"error":"invalid_grant","error_codes":[50013],"error_description":"quoted contoso~client.secret_VeryMuchSo"})",
      R"({"error_description":"quoted contoso~client.secret_VeryMuchSo"})",
      "quoted contoso~client.secret_VeryMuchSo"};
  for (const std::string& body : bodies) {
    for (const int http : {400, 401, 429, 500}) {
      const std::string all = Everything(EntraError(Answered(http, body), EntraLeg::kCredential));
      EXPECT_THAT(all, testing::Not(testing::HasSubstr("quoted")));
      EXPECT_THAT(all, testing::Not(testing::HasSubstr("VeryMuchSo")));
    }
  }
}

TEST(EntraErrors, RetryAfterIsTheProvidersWithinBounds) {
  struct Row {
    std::string header;
    absl::Duration delay;
  };
  for (const Row& row : std::vector<Row>{{"17", absl::Seconds(17)},
                                         {"0", absl::Seconds(1)},
                                         {"86400", absl::Minutes(5)},
                                         {"", absl::Seconds(1)}}) {
    for (const std::string body : {"", "{}"}) {
      SCOPED_TRACE(row.header + body);
      HttpResponse response = Answered(429, body);
      response.retry_after = row.header;
      const auto detail = DetailOf(EntraError(response, EntraLeg::kOnBehalfOf));
      EXPECT_EQ(detail.retry_after, row.delay);
    }
  }
}

}  // namespace
}  // namespace behalf
