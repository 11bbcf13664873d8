#include "daemon/base/error.h"

#include <gtest/gtest.h>

#include <string>

#include "absl/strings/cord.h"

namespace behalf {
namespace {

using namespace std::string_literals;

TEST(ErrorTest, AReasonTravelsWithItsCodeAndItsAdvice) {
  const absl::Status status = MakeError(Reason::kHandleSpent);
  EXPECT_EQ(status.code(), absl::StatusCode::kFailedPrecondition);
  EXPECT_EQ(std::string(status.message()), RowOf(Reason::kHandleSpent).advice);
  EXPECT_EQ(DetailOf(status).reason, Reason::kHandleSpent);
  EXPECT_TRUE(DetailOf(status).metadata.empty());
  EXPECT_EQ(DetailOf(status).retry_after, std::nullopt);
}

TEST(ErrorTest, AMessageOfOnesOwnReplacesTheAdvice) {
  EXPECT_EQ(std::string(MakeError(Reason::kRequestInvalid, "`api` is missing").message()),
            "`api` is missing");
}

TEST(ErrorTest, EveryReasonAndItsDetailComeBackAsTheyWere) {
  for (const ReasonRow& row : AllReasons()) {
    SCOPED_TRACE(row.name);
    const ErrorDetail detail{.reason = row.reason,
                             .metadata = {{"claims", R"({"a":"1:2"})"},
                                          {"", "empty key"},
                                          {"empty value", ""},
                                          {"5:bytes", "\0\xff 3:abc"s}},
                             .retry_after = absl::Milliseconds(1500)};
    const ErrorDetail back = DetailOf(MakeError(detail));
    EXPECT_EQ(back.reason, row.reason);
    EXPECT_EQ(back.metadata, detail.metadata);
    EXPECT_EQ(back.retry_after, detail.retry_after);
    EXPECT_EQ(MakeError(detail).code(), row.code);
  }
}

TEST(ErrorTest, ADelayOfZeroIsNotNone) {
  const absl::Status status =
      MakeError(ErrorDetail{.reason = Reason::kOverloaded, .retry_after = absl::ZeroDuration()});
  EXPECT_EQ(DetailOf(status).retry_after, absl::ZeroDuration());
}

TEST(ErrorTest, AnUnknownStatusIsInternal) {
  EXPECT_EQ(DetailOf(absl::UnavailableError("from elsewhere")).reason, Reason::kInternal);
  EXPECT_EQ(DetailOf(absl::OkStatus()).reason, Reason::kInternal);
}

TEST(ErrorTest, ADamagedPayloadIsInternal) {
  for (const char* payload :
       {"", "x", "1:", "3:999", "1:0", "2:-1", "5:abc", "3:2560:", "99999999999:1"}) {
    absl::Status status = absl::UnknownError("damaged");
    status.SetPayload("behalf/error-detail", absl::Cord(absl::string_view(payload)));
    EXPECT_EQ(DetailOf(status).reason, Reason::kInternal) << payload;
  }
}

TEST(ErrorTest, AFactIsAddedAndTheRestStays) {
  const absl::Status first = MakeError(ErrorDetail{.reason = Reason::kConsentRequired,
                                                   .metadata = {{"suberror", "consent_required"}},
                                                   .retry_after = absl::Seconds(2)},
                                       "message");
  const absl::Status second = WithMetadata(first, "decision_id", "d-1");
  EXPECT_EQ(std::string(second.message()), "message");
  EXPECT_EQ(second.code(), first.code());
  const ErrorDetail detail = DetailOf(second);
  EXPECT_EQ(detail.reason, Reason::kConsentRequired);
  EXPECT_EQ(detail.retry_after, absl::Seconds(2));
  EXPECT_EQ(detail.metadata.at("suberror"), "consent_required");
  EXPECT_EQ(detail.metadata.at("decision_id"), "d-1");
  EXPECT_FALSE(DetailOf(first).metadata.contains("decision_id"));
}

}  // namespace
}  // namespace behalf
