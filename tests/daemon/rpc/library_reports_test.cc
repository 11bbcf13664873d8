// Libraries report to the log, seldom and without what a caller sent.
#include "daemon/rpc/library_reports.h"

#include <gmock/gmock.h>
#include <grpc/support/log.h>
#include <gtest/gtest.h>
#include <spdlog/sinks/ostream_sink.h>
#include <spdlog/spdlog.h>

#include <memory>
#include <sstream>
#include <string>

#include "behalf/v1/token_broker.pb.h"

namespace behalf {
namespace {

using std::chrono::milliseconds;
using std::chrono::seconds;
using ::testing::AllOf;
using ::testing::HasSubstr;
using ::testing::Not;
using ::testing::Optional;

constexpr LibraryReports::Time kNow = LibraryReports::Time(seconds(1000));

TEST(LibraryReports, NameThePlaceInTheLibrarysSource) {
  LibraryReports reports;
  EXPECT_THAT(reports.Line("gRPC", "/build/grpc/src/core/hpack_parser.cc", 1234, kNow),
              Optional(std::string("gRPC reports an error at hpack_parser.cc:1234")));
}

TEST(LibraryReports, AreOneInTenSecondsAndCountTheRest) {
  LibraryReports reports;
  EXPECT_TRUE(reports.Line("gRPC", "a.cc", 1, kNow));
  for (int i = 0; i < 5000; ++i) {
    EXPECT_FALSE(reports.Line("Protobuf", "b.cc", 2, kNow + milliseconds(9999)));
  }
  EXPECT_THAT(reports.Line("gRPC", "a.cc", 1, kNow + seconds(10)),
              Optional(std::string("gRPC reports an error at a.cc:1; 5000 reports before it were "
                                   "left out")));
  EXPECT_THAT(reports.Line("gRPC", "a.cc", 1, kNow + seconds(20)),
              Optional(std::string("gRPC reports an error at a.cc:1")));
}

// What the libraries do with `act` is in the log, and nowhere else.
class Taken : public ::testing::Test {
 protected:
  Taken() {
    spdlog::set_default_logger(std::make_shared<spdlog::logger>(
        "test", std::make_shared<spdlog::sinks::ostream_sink_mt>(log_)));
    TakeLibraryReports();
  }
  ~Taken() override { spdlog::set_default_logger(before_); }

  std::string StderrOf(const std::function<void()>& act) {
    testing::internal::CaptureStderr();
    act();
    return testing::internal::GetCapturedStderr();
  }

  std::ostringstream log_;
  const std::shared_ptr<spdlog::logger> before_ = spdlog::default_logger();
};

TEST_F(Taken, NothingThatACallerSentIsPrinted) {
  EXPECT_EQ(StderrOf([] {
              v1::GetTokenRequest request;
              for (int i = 0; i < 100; ++i) request.ParseFromString("\x0a\x07secret\xff");
              for (int i = 0; i < 100; ++i) gpr_log(GPR_ERROR, "a header of secret%d", i);
              gpr_log(GPR_INFO, "secret");
            }),
            "");
  EXPECT_THAT(log_.str(), AllOf(HasSubstr(" reports an error at "), Not(HasSubstr("secret"))));
}

TEST_F(Taken, AnAssertionThatEndsTheProcessIsQuoted) {
  EXPECT_EQ(StderrOf([] { gpr_log(GPR_ERROR, "assertion failed: %s", "call != nullptr"); }), "");
  EXPECT_THAT(log_.str(), HasSubstr("gRPC: assertion failed: call != nullptr"));
}

}  // namespace
}  // namespace behalf
