// Revokes and restores an agent over the admin socket while callers ask for its
// tokens, again and again.
//   bench_revoke_load AGENTS_SOCKET ADMIN_SOCKET TOKEN_FILE API AGENT REVOCATIONS CALLERS
// Prints one JSON object, times in microseconds: until the revocation was
// acknowledged; until the last answer with a token was there, both from the
// moment that it was asked for; how many answers had a token though they were
// asked for after the acknowledgement.
#include <behalf/v1/admin.grpc.pb.h>
#include <behalf/v1/token_broker.grpc.pb.h>
#include <grpcpp/grpcpp.h>

#include <atomic>
#include <fstream>
#include <iostream>
#include <iterator>
#include <memory>
#include <mutex>
#include <string>
#include <thread>
#include <vector>

#include "tests/bench/percentiles.h"

namespace behalf {
namespace {

std::shared_ptr<grpc::Channel> Connect(const std::string& socket) {
  grpc::ChannelArguments arguments;
  arguments.SetInt(GRPC_ARG_USE_LOCAL_SUBCHANNEL_POOL, 1);  // a connection each
  return grpc::CreateCustomChannel("unix:" + socket, grpc::InsecureChannelCredentials(), arguments);
}

// Asks without pause, and keeps when answers with a token were asked for and came.
class Caller {
 public:
  Caller(const std::string& socket, v1::GetTokenRequest request)
      : stub_(v1::TokenBroker::NewStub(Connect(socket))),
        request_(std::move(request)),
        thread_([this] { Run(); }) {}
  ~Caller() {
    over_ = true;
    thread_.join();
  }

  struct Answer {
    BenchClock::time_point begun, ended;
  };
  std::vector<Answer> Take() {
    const std::lock_guard lock(mutex_);
    return std::exchange(answers_, {});
  }
  std::uint64_t asked() const { return asked_; }
  std::uint64_t answered() const { return answered_; }

 private:
  void Run() {
    v1::GetTokenResponse response;
    while (!over_) {
      grpc::ClientContext context;
      const auto begun = BenchClock::now();
      const bool ok = stub_->GetToken(&context, request_, &response).ok();
      if (ok) {
        const std::lock_guard lock(mutex_);
        answers_.push_back({begun, BenchClock::now()});
        ++answered_;
      }
      ++asked_;
    }
  }

  std::unique_ptr<v1::TokenBroker::Stub> stub_;
  const v1::GetTokenRequest request_;
  std::mutex mutex_;
  std::vector<Answer> answers_;
  std::atomic<bool> over_ = false;
  std::atomic<std::uint64_t> asked_ = 0, answered_ = 0;
  std::thread thread_;
};

class Operator {
 public:
  Operator(const std::string& socket, const std::string& agent)
      : stub_(v1::Admin::NewStub(Connect(socket))) {
    revoke_.mutable_target()->set_kind(v1::REVOCATION_KIND_AGENT);
    revoke_.mutable_target()->set_name(agent);
    revoke_.set_reason("it is measured");
    *restore_.mutable_target() = revoke_.target();
  }
  bool Revoke() {
    grpc::ClientContext context;
    v1::RevokeResponse response;
    return stub_->Revoke(&context, revoke_, &response).ok();
  }
  bool Restore() {
    grpc::ClientContext context;
    v1::RestoreResponse response;
    return stub_->Restore(&context, restore_, &response).ok();
  }

 private:
  std::unique_ptr<v1::Admin::Stub> stub_;
  v1::RevokeRequest revoke_;
  v1::RestoreRequest restore_;
};

class Measurement {
 public:
  Measurement(Operator& admin, std::vector<std::unique_ptr<Caller>>& callers)
      : admin_(admin), callers_(callers) {}

  bool Once() {
    const auto begun = BenchClock::now();
    if (!admin_.Revoke()) return false;
    const auto acknowledged = BenchClock::now();
    acknowledged_.push_back(MicrosSince(begun));
    AwaitEach([](const Caller& caller) { return caller.asked(); });
    double last = 0;
    for (auto& caller : callers_) {
      for (const Caller::Answer& answer : caller->Take()) {
        last =
            std::max(last, std::chrono::duration<double, std::micro>(answer.ended - begun).count());
        if (answer.begun > acknowledged) ++late_;
      }
    }
    last_answers_.push_back(last);
    if (!admin_.Restore()) return false;
    AwaitEach([](const Caller& caller) { return caller.answered(); });
    return true;
  }

  void Print() const {
    std::cout << "{\"late\": " << late_ << ", ";
    PrintPercentiles(std::cout, "acknowledged", acknowledged_);
    std::cout << ", ";
    PrintPercentiles(std::cout, "last_answer", last_answers_);
    std::cout << "}\n";
  }

 private:
  // Until each has moved on by two: what was under way has ended.
  template <typename Count>
  void AwaitEach(Count count) {
    for (auto& caller : callers_) {
      for (const std::uint64_t before = count(*caller); count(*caller) < before + 2;) {
        std::this_thread::yield();
      }
    }
  }

  Operator& admin_;
  std::vector<std::unique_ptr<Caller>>& callers_;
  std::vector<double> acknowledged_, last_answers_;
  int late_ = 0;
};

std::string ReadToken(const char* path) {
  std::ifstream file(path);
  std::string text((std::istreambuf_iterator<char>(file)), {});
  while (!text.empty() && text.back() == '\n') text.pop_back();
  return text;
}

}  // namespace
}  // namespace behalf

int main(int argc, char** argv) {
  if (argc != 8) return 2;
  behalf::v1::GetTokenRequest request;
  request.set_subject_token(behalf::ReadToken(argv[3]));
  request.set_api(argv[4]);
  behalf::Operator admin(argv[2], argv[5]);
  std::vector<std::unique_ptr<behalf::Caller>> callers;
  for (int i = 0; i < std::stoi(argv[7]); ++i) {
    callers.push_back(std::make_unique<behalf::Caller>(argv[1], request));
  }
  behalf::Measurement measurement(admin, callers);
  for (int i = 0; i < std::stoi(argv[6]); ++i) {
    if (!measurement.Once()) {
      std::cerr << "an order of the operator failed\n";
      return 1;
    }
  }
  measurement.Print();
}
