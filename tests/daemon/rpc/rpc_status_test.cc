#include "daemon/rpc/rpc_status.h"

#include <google/rpc/error_details.pb.h>
#include <google/rpc/status.pb.h>

#include <map>
#include <optional>
#include <string>

#include "daemon/base/error.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"

namespace behalf {
namespace {

using testing::Contains;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::Key;
using testing::Not;
using testing::Pair;

// What a client finds in grpc-status-details-bin.
struct Details {
  google::rpc::Status status;
  google::rpc::ErrorInfo info;
  std::optional<google::rpc::RetryInfo> retry;
  std::map<std::string, std::string> metadata;
};

Details DetailsOf(const grpc::Status& status) {
  Details details;
  EXPECT_TRUE(details.status.ParseFromString(status.error_details()));
  for (const auto& any : details.status.details()) {
    google::rpc::RetryInfo retry;
    if (any.UnpackTo(&retry)) details.retry = retry;
    any.UnpackTo(&details.info);
  }
  details.metadata = {details.info.metadata().begin(), details.info.metadata().end()};
  return details;
}

TEST(RpcStatus, SuccessIsSuccess) {
  const grpc::Status status = ToRpcStatus(absl::OkStatus());
  EXPECT_TRUE(status.ok());
  EXPECT_EQ(status.error_details(), "");
}

TEST(RpcStatus, EveryReasonTravelsUnderItsCodeNameAndMove) {
  for (const ReasonRow& row : AllReasons()) {
    SCOPED_TRACE(row.name);
    const grpc::Status status = ToRpcStatus(MakeError(row.reason));
    EXPECT_EQ(static_cast<int>(status.error_code()), static_cast<int>(row.code));
    EXPECT_EQ(status.error_message(), row.advice);
    const Details details = DetailsOf(status);
    EXPECT_EQ(details.status.code(), static_cast<int>(row.code));
    EXPECT_EQ(details.status.message(), row.advice);
    EXPECT_EQ(details.info.reason(), row.name);
    EXPECT_EQ(details.info.domain(), "behalf");
    EXPECT_THAT(details.metadata, ElementsAre(Pair("move", MoveName(row.move))));
    EXPECT_FALSE(details.retry.has_value());
    EXPECT_EQ(details.status.details_size(), 1);
  }
}

TEST(RpcStatus, AMessageOfItsOwnReplacesTheAdvice) {
  const grpc::Status status =
      ToRpcStatus(MakeError(Reason::kRequestInvalid, "scopes: holds more than 64 scopes"));
  EXPECT_EQ(status.error_message(), "scopes: holds more than 64 scopes");
  EXPECT_EQ(DetailsOf(status).status.message(), "scopes: holds more than 64 scopes");
}

TEST(RpcStatus, OnlyFactsThatACallerMayKnowTravel) {
  const std::map<std::string, std::string, std::less<>> shown = {
      {"claims", R"({"access_token":{}})"},
      {"correlation_id", "c"},
      {"decision_id", "d"},
      {"field", "api"},
      {"provider_code", "P"},
      {"suberror", "s"}};
  ErrorDetail detail{.reason = Reason::kInteractionRequired, .metadata = shown};
  for (const char* hidden : {"term", "detail", "error", "claim", "move", "Decision_id", ""}) {
    detail.metadata[hidden] = "for operators only";
  }
  auto expected = shown;
  expected["move"] = "user";
  const grpc::Status status = ToRpcStatus(MakeError(detail));
  EXPECT_THAT(DetailsOf(status).metadata, testing::ElementsAreArray(expected));
  EXPECT_THAT(status.error_details(), Not(HasSubstr("for operators only")));
}

TEST(RpcStatus, ADelayTravelsAsRetryInfo) {
  struct Case {
    absl::Duration delay;
    std::int64_t seconds;
    std::int32_t nanos;
  };
  for (const Case& c :
       {Case{absl::Seconds(30), 30, 0}, Case{absl::Milliseconds(1500), 1, 500000000},
        Case{absl::Nanoseconds(1), 0, 1}, Case{absl::ZeroDuration(), 0, 0}}) {
    SCOPED_TRACE(absl::FormatDuration(c.delay));
    const Details details = DetailsOf(
        ToRpcStatus(MakeError(ErrorDetail{.reason = Reason::kOverloaded, .retry_after = c.delay})));
    ASSERT_TRUE(details.retry.has_value());
    EXPECT_EQ(details.retry->retry_delay().seconds(), c.seconds);
    EXPECT_EQ(details.retry->retry_delay().nanos(), c.nanos);
    EXPECT_EQ(details.info.reason(), "OVERLOADED");
  }
}

TEST(RpcStatus, WhatMakeErrorDidNotMakeIsInternalAndItsTextStaysInside) {
  for (const absl::Status& fault :
       {absl::InvalidArgumentError("secret-in-a-text"), absl::UnknownError("secret-in-a-text"),
        absl::PermissionDeniedError("secret-in-a-text"),
        MakeError(Reason::kInternal, "secret-in-a-text")}) {
    SCOPED_TRACE(fault.ToString());
    const grpc::Status status = ToRpcStatus(fault);
    EXPECT_EQ(status.error_code(), grpc::StatusCode::INTERNAL);
    EXPECT_EQ(status.error_message(), RowOf(Reason::kInternal).advice);
    EXPECT_THAT(status.error_details(), Not(HasSubstr("secret-in-a-text")));
    EXPECT_EQ(DetailsOf(status).info.reason(), "INTERNAL");
  }
}

TEST(RpcStatus, AFaultKeepsItsDecisionId) {
  const absl::Status fault = WithMetadata(absl::UnknownError("x"), "decision_id", "d1");
  EXPECT_THAT(DetailsOf(ToRpcStatus(fault)).metadata, Contains(Pair("decision_id", "d1")));
  EXPECT_THAT(DetailsOf(ToRpcStatus(fault)).metadata, Contains(Key("move")));
}

}  // namespace
}  // namespace behalf
