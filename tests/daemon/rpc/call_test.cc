// From a gRPC call to a coroutine and back: answered on the spot, later, from
// another thread, or no longer wanted.
#include "daemon/rpc/call.h"

#include <behalf/v1/token_broker.grpc.pb.h>
#include <google/rpc/status.pb.h>
#include <grpcpp/create_channel_posix.h>
#include <grpcpp/server_posix.h>
#include <sys/socket.h>

#include <functional>
#include <memory>
#include <string>
#include <thread>
#include <utility>

#include "absl/synchronization/notification.h"
#include "daemon/base/error.h"
#include "daemon/base/single_flight.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "tests/daemon/base/coroutines.h"

namespace behalf {
namespace {

using Outcome = absl::StatusOr<std::string>;

// Says when the last of its copies is gone, and with it the call that had one.
class Life {
 public:
  Life()
      : token_(new int, [gone = gone_](const int* token) {
          delete token;
          gone->Notify();
        }) {}

  std::shared_ptr<int> Share() { return std::exchange(token_, nullptr); }
  void AwaitEnd() const { gone_->WaitForNotification(); }

 private:
  std::shared_ptr<absl::Notification> gone_ = std::make_shared<absl::Notification>();
  std::shared_ptr<int> token_;
};

// Answers GetToken with what a task ends in, as the token.
class Service final : public v1::TokenBroker::CallbackService {
 public:
  using Make = std::function<Task<Outcome>(CallContext&)>;

  void Answer(Make make, std::shared_ptr<int> life) {
    const absl::MutexLock lock(&mutex_);
    make_ = std::move(make);
    life_ = std::move(life);
  }

  grpc::ServerUnaryReactor* GetToken(grpc::CallbackServerContext* context,
                                     const v1::GetTokenRequest*,
                                     v1::GetTokenResponse* response) override {
    const absl::MutexLock lock(&mutex_);
    const auto fill = [response, life = std::exchange(life_, nullptr)](std::string text) {
      response->set_access_token(std::move(text));
    };
    return RunCall<std::string>(context, fill, make_);
  }

 private:
  absl::Mutex mutex_;
  Make make_ ABSL_GUARDED_BY(mutex_);
  std::shared_ptr<int> life_ ABSL_GUARDED_BY(mutex_);
};

class CallTest : public testing::Test {
 protected:
  CallTest() {
    grpc::ServerBuilder builder;
    builder.RegisterService(&service_);
    server_ = builder.BuildAndStart();
    int ends[2];
    if (socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0, ends) != 0) std::abort();
    grpc::AddInsecureChannelFromFd(server_.get(), ends[0]);
    stub_ = v1::TokenBroker::NewStub(grpc::CreateInsecureChannelFromFd("call", ends[1]));
  }
  ~CallTest() override {
    server_->Shutdown(std::chrono::system_clock::now());
    server_->Wait();
  }

  // The next call is answered with what the task of `make` ends in; `life` is
  // how long the call exists.
  void Serve(Service::Make make, Life& life) { service_.Answer(std::move(make), life.Share()); }

  // Waits for the end.
  grpc::Status Call(grpc::ClientContext& context) {
    return stub_->GetToken(&context, v1::GetTokenRequest(), &response_);
  }

  Executor executor_{2};
  Service service_;
  std::unique_ptr<grpc::Server> server_;
  std::unique_ptr<v1::TokenBroker::Stub> stub_;
  v1::GetTokenResponse response_;
};

// The steps of the tasks below; free functions, whose parameters live in the
// coroutine.

Task<Outcome> Immediately(Outcome outcome) { co_return std::move(outcome); }

Task<Outcome> AfterAHop(Executor& executor, Outcome outcome) {
  co_await Hop(executor);
  co_return std::move(outcome);
}

Task<Outcome> AfterTheGate(Gate& gate) {
  co_await gate;
  co_return std::string("through");
}

// Tells what became of the wait.
struct Seen {
  absl::Notification parked;
  absl::Notification woken;
  Reason reason = Reason::kInternal;
};

Task<Outcome> Waiting(SingleFlight<std::string>& flights, Gate& gate, CallContext& call,
                      Seen& seen) {
  const auto work = [&gate, &seen] {
    seen.parked.Notify();
    return AfterTheGate(gate);
  };
  Outcome outcome = co_await flights.Join("key", work, call.cancel);
  if (!outcome.ok()) seen.reason = DetailOf(outcome.status()).reason;
  seen.woken.Notify();
  co_return outcome;
}

TEST_F(CallTest, ATaskThatEndsAtOnceIsAnsweredAtOnce) {
  Life life;
  Serve([](CallContext&) { return Immediately(std::string("at once")); }, life);
  grpc::ClientContext context;
  const grpc::Status status = Call(context);
  EXPECT_TRUE(status.ok()) << status.error_message();
  EXPECT_EQ(response_.access_token(), "at once");
  life.AwaitEnd();
}

TEST_F(CallTest, ATaskThatEndsOnAnotherThreadIsAnswered) {
  for (int i = 0; i < 200; ++i) {
    Life life;
    Serve([&](CallContext&) { return AfterAHop(executor_, std::to_string(i)); }, life);
    grpc::ClientContext context;
    ASSERT_TRUE(Call(context).ok());
    EXPECT_EQ(response_.access_token(), std::to_string(i));
    life.AwaitEnd();
  }
}

TEST_F(CallTest, ATaskThatWaitsIsAnsweredWhenItEnds) {
  Gate gate;
  Life life;
  Serve([&](CallContext&) { return AfterTheGate(gate); }, life);
  std::thread opener([&] { gate.Open(); });
  grpc::ClientContext context;
  EXPECT_TRUE(Call(context).ok());
  opener.join();
  EXPECT_EQ(response_.access_token(), "through");
  life.AwaitEnd();
}

TEST_F(CallTest, AFailureIsTheStatusOfTheCallWhereverItHappens) {
  const absl::Status failure = MakeError(Reason::kNotAllowed);
  for (const bool hop : {false, true}) {
    SCOPED_TRACE(hop ? "later" : "at once");
    Life life;
    Serve([&](CallContext&) { return hop ? AfterAHop(executor_, failure) : Immediately(failure); },
          life);
    grpc::ClientContext context;
    const grpc::Status status = Call(context);
    EXPECT_EQ(status.error_code(), grpc::StatusCode::PERMISSION_DENIED);
    EXPECT_THAT(status.error_details(), testing::HasSubstr("NOT_ALLOWED"));
    life.AwaitEnd();
  }
}

TEST_F(CallTest, TheDeadlineOfTheClientIsThatOfTheTask) {
  const absl::Time deadline = absl::Now() + absl::Seconds(7);
  absl::Time seen;
  Life life;
  Serve(
      [&](CallContext& call) {
        seen = call.deadline;
        return Immediately(std::string());
      },
      life);
  grpc::ClientContext context;
  context.set_deadline(absl::ToChronoTime(deadline));
  ASSERT_TRUE(Call(context).ok());
  life.AwaitEnd();
  EXPECT_LT(absl::AbsDuration(seen - deadline), absl::Seconds(1));
}

TEST_F(CallTest, AnUnsetDeadlineCountsAsHalfAMinute) {
  absl::Time seen;
  Life life;
  Serve(
      [&](CallContext& call) {
        seen = call.deadline;
        return Immediately(std::string());
      },
      life);
  const absl::Time before = absl::Now();
  grpc::ClientContext context;
  ASSERT_TRUE(Call(context).ok());
  life.AwaitEnd();
  EXPECT_GE(seen, before + kDefaultDeadline);
  EXPECT_LE(seen, absl::Now() + kDefaultDeadline);
}

TEST_F(CallTest, AClientThatLeavesWakesTheTask) {
  Gate gate;
  Seen seen;
  SingleFlight<std::string> flights(executor_, 10);
  Life life;
  Serve([&](CallContext& call) { return Waiting(flights, gate, call, seen); }, life);
  grpc::ClientContext context;
  std::thread leaver([&] {
    seen.parked.WaitForNotification();
    context.TryCancel();
  });
  EXPECT_EQ(Call(context).error_code(), grpc::StatusCode::CANCELLED);
  leaver.join();
  seen.woken.WaitForNotification();
  EXPECT_EQ(seen.reason, Reason::kCancelled);
  life.AwaitEnd();
  gate.Open();
}

TEST_F(CallTest, ADeadlineThatPassesWakesTheTask) {
  Gate gate;
  Seen seen;
  SingleFlight<std::string> flights(executor_, 10);
  Life life;
  Serve([&](CallContext& call) { return Waiting(flights, gate, call, seen); }, life);
  grpc::ClientContext context;
  context.set_deadline(absl::ToChronoTime(absl::Now() + absl::Seconds(1)));
  EXPECT_EQ(Call(context).error_code(), grpc::StatusCode::DEADLINE_EXCEEDED);
  ASSERT_TRUE(seen.parked.HasBeenNotified());
  seen.woken.WaitForNotification();
  EXPECT_EQ(seen.reason, Reason::kCancelled);
  life.AwaitEnd();
  gate.Open();
}

TEST_F(CallTest, ATaskThatCannotBeWokenEndsInItsOwnTimeAndTheCallWithIt) {
  Gate gate;
  absl::Notification begun;
  Life life;
  Serve(
      [&](CallContext&) {
        begun.Notify();
        return AfterTheGate(gate);
      },
      life);
  grpc::ClientContext context;
  std::thread leaver([&] {
    begun.WaitForNotification();
    context.TryCancel();
  });
  EXPECT_EQ(Call(context).error_code(), grpc::StatusCode::CANCELLED);
  leaver.join();
  gate.Open();
  life.AwaitEnd();
}

TEST_F(CallTest, AnAnswerMayRaceWithAClientThatLeaves) {
  int answered = 0;
  for (int i = 0; i < 500; ++i) {
    Gate gate;
    Seen seen;
    SingleFlight<std::string> flights(executor_, 10);
    Life life;
    Serve([&](CallContext& call) { return Waiting(flights, gate, call, seen); }, life);
    grpc::ClientContext context;
    absl::Notification go;
    std::thread leaver([&] {
      go.WaitForNotification();
      context.TryCancel();
    });
    std::thread opener([&] {
      seen.parked.WaitForNotification();
      go.Notify();
      gate.Open();
    });
    const grpc::Status status = Call(context);
    leaver.join();
    opener.join();
    answered += status.ok() ? 1 : 0;
    EXPECT_TRUE(status.ok() || status.error_code() == grpc::StatusCode::CANCELLED);
    seen.woken.WaitForNotification();
    life.AwaitEnd();
  }
  RecordProperty("answered", answered);
}

}  // namespace
}  // namespace behalf
