#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "absl/synchronization/notification.h"
#include "tests/daemon/cli/command_line.h"
#include "tests/daemon/cli/fake_daemon.h"
#include "tests/daemon/cli/scratch.h"

namespace behalf::cli {
namespace {

using testing::AllOf;
using testing::HasSubstr;
using testing::Not;

class Refusals : public testing::Test {
 protected:
  Outcome Status(const std::vector<std::string>& more = {}) const {
    std::vector<std::string> words = {"status", "--socket", socket};
    words.insert(words.end(), more.begin(), more.end());
    return RunLine(words);
  }

  const Scratch scratch;
  const std::string socket = scratch.Path("admin.sock");
  FakeDaemon daemon{socket};
};

TEST_F(Refusals, SayTheReasonWhoseMoveItIsAndTheDecision) {
  daemon.failure = Refuse({.reason = Reason::kCallerNotAdmin, .metadata = {{"decision_id", "d-9"}}},
                          "this process is not an admin");
  const Outcome outcome = Status();
  EXPECT_EQ(outcome.code, 1);
  EXPECT_EQ(outcome.out, "");
  EXPECT_EQ(outcome.err,
            "refused: CALLER_NOT_ADMIN — this process is not an admin\n"
            "whose move: operator\n"
            "decision: d-9\n");
}

TEST_F(Refusals, SayWhenToTryAgainAndWhatTheProviderSaid) {
  daemon.failure = Refuse({.reason = Reason::kInteractionRequired,
                           .metadata = {{"decision_id", "d-9"},
                                        {"claims", R"({"access_token":{}})"},
                                        {"suberror", "basic_action"},
                                        {"provider_code", "AADSTS50076"},
                                        {"correlation_id", "c-1"}},
                           .retry_after = absl::Seconds(7)},
                          "sign in again");
  EXPECT_EQ(Status().err,
            "refused: INTERACTION_REQUIRED — sign in again\n"
            "whose move: user\n"
            "decision: d-9\n"
            "try again in: 7s\n"
            "claims: {\"access_token\":{}}\n"
            "correlation id: c-1\n"
            "provider code: AADSTS50076\n"
            "suberror: basic_action\n");
}

TEST_F(Refusals, AreOneObjectInJson) {
  daemon.failure = Refuse({.reason = Reason::kOverloaded,
                           .metadata = {{"decision_id", "d-9"}, {"field", "x"}},
                           .retry_after = absl::Seconds(1)},
                          "busy");
  const Outcome outcome = Status({"-o", "json"});
  EXPECT_EQ(outcome.code, 1);
  EXPECT_EQ(outcome.err, "");
  EXPECT_EQ(
      outcome.out,
      R"({"error":{"reason":"OVERLOADED","message":"busy","move":"retry","decision_id":"d-9",)"
      R"("retry_after_seconds":1,"metadata":{"field":"x"}}})"
      "\n");
}

TEST_F(Refusals, OfEveryReasonExitWith1AndNameIt) {
  for (const ReasonRow& row : AllReasons()) {
    SCOPED_TRACE(row.name);
    daemon.failure = Refuse({.reason = row.reason}, std::string(row.advice));
    const Outcome outcome = Status();
    EXPECT_EQ(outcome.code, 1);
    EXPECT_THAT(outcome.err, AllOf(HasSubstr(std::string(row.name)),
                                   HasSubstr("whose move: " + std::string(MoveName(row.move)))));
  }
}

TEST_F(Refusals, CannotSteerTheTerminal) {
  daemon.failure = Refuse(
      {.reason = Reason::kProviderRejected, .metadata = {{"claims", "\x1b[2J"}, {"\x1b[1m", "x"}}},
      "\x1b[31mred");
  EXPECT_THAT(Status().err, Not(HasSubstr("\x1b")));
}

TEST_F(Refusals, WithoutABehalfReasonAreNotTheDaemons) {
  google::rpc::ErrorInfo info;
  info.set_reason("NOT_ALLOWED");
  info.set_domain("elsewhere");
  google::rpc::Status details;
  details.add_details()->PackFrom(info);
  const grpc::Status failures[] = {
      grpc::Status(grpc::StatusCode::PERMISSION_DENIED, "no"),
      grpc::Status(grpc::StatusCode::UNIMPLEMENTED, ""),
      grpc::Status(grpc::StatusCode::UNAVAILABLE, "no", details.SerializeAsString()),
      grpc::Status(grpc::StatusCode::UNAVAILABLE, "no", "\xff not a message"),
  };
  for (const grpc::Status& failure : failures) {
    daemon.failure = failure;
    EXPECT_EQ(Status().code, 3);
    EXPECT_THAT(Status({"-o", "json"}).out, HasSubstr(R"({"error":{"reason":null,)"));
  }
}

TEST(Unreachable, ASocketWithoutADaemonExitsWith3) {
  const Scratch scratch;
  const Outcome outcome = RunLine({"status", "--socket", scratch.Path("none.sock")});
  EXPECT_EQ(outcome.code, 3);
  EXPECT_THAT(outcome.err, HasSubstr("cannot reach the daemon at " + scratch.Path("none.sock")));
}

TEST(Unreachable, APathThatIsTooLongForASocketIsAUsageError) {
  EXPECT_EQ(RunLine({"status", "--socket", "/" + std::string(106, 'x')}).code, 3);
  EXPECT_EQ(RunLine({"status", "--socket", "/" + std::string(107, 'x')}).code, 2);
}

TEST_F(Refusals, ADaemonThatDoesNotAnswerInTimeExitsWith3) {
  // Shared: the request may reach the daemon after the client has given up.
  const auto enough = std::make_shared<absl::Notification>();
  daemon.before_answering = [enough] { enough->WaitForNotification(); };
  const Outcome outcome = Status({"--timeout=100ms"});
  enough->Notify();
  EXPECT_EQ(outcome.code, 3);
  EXPECT_THAT(outcome.err, HasSubstr("no answer at " + socket + " in time"));
}

// Notifies when something was written.
class NoticingBuffer : public std::stringbuf {
 public:
  explicit NoticingBuffer(absl::Notification& noticed) : noticed_(noticed) {}

 private:
  int sync() override {
    if (!noticed_.HasBeenNotified()) noticed_.Notify();
    return std::stringbuf::sync();
  }

  absl::Notification& noticed_;
};

TEST_F(Refusals, ALongWaitIsAnnouncedBeforeTheAnswerComes) {
  absl::Notification noticed;
  NoticingBuffer buffer(noticed);
  std::ostream err(&buffer);
  std::istringstream in;
  std::ostringstream out;
  daemon.before_answering = [&] { noticed.WaitForNotificationWithTimeout(absl::Seconds(20)); };
  const Streams streams{.in = in, .out = out, .err = err, .patience = absl::ZeroDuration()};
  CrossTheSocket();
  EXPECT_EQ(cli::Run({"status", "--socket", socket}, streams, {}), 0);
  EXPECT_EQ(buffer.str(), "waiting for the daemon...\n");
}

}  // namespace
}  // namespace behalf::cli
