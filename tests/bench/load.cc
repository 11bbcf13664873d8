// Closed-loop load: asks for the same token again and again.
//   bench_load SOCKET TOKEN_FILE API SECONDS IN_FLIGHT
// Prints one JSON object: requests, errors, seconds, p50_us, p99_us.
#include <behalf/v1/token_broker.grpc.pb.h>
#include <grpcpp/grpcpp.h>

#include <algorithm>
#include <atomic>
#include <chrono>
#include <fstream>
#include <iostream>
#include <iterator>
#include <memory>
#include <mutex>
#include <string>
#include <vector>

namespace {

using SteadyClock = std::chrono::steady_clock;
constexpr int kChannels = 4;

// One request at a time, over and over until the time is up.
class Loop {
 public:
  Loop(behalf::v1::TokenBroker::Stub& stub, behalf::v1::GetTokenRequest request,
       SteadyClock::time_point end)
      : stub_(stub), request_(std::move(request)), end_(end) {}

  void Next() {
    begun_ = SteadyClock::now();
    context_ = std::make_unique<grpc::ClientContext>();
    stub_.async()->GetToken(context_.get(), &request_, &response_,
                            [this](grpc::Status status) { Ended(status); });
  }
  void Wait() { ended_.wait(false); }

  std::vector<float> micros;
  int errors = 0;

 private:
  void Ended(const grpc::Status& status) {
    const auto now = SteadyClock::now();
    micros.push_back(std::chrono::duration<float, std::micro>(now - begun_).count());
    if (!status.ok()) ++errors;
    if (now < end_) return Next();
    ended_ = true;
    ended_.notify_all();
  }

  behalf::v1::TokenBroker::Stub& stub_;
  const behalf::v1::GetTokenRequest request_;
  const SteadyClock::time_point end_;
  behalf::v1::GetTokenResponse response_;
  std::unique_ptr<grpc::ClientContext> context_;
  SteadyClock::time_point begun_;
  std::atomic<bool> ended_ = false;
};

std::string ReadToken(const char* path) {
  std::ifstream file(path);
  std::string text((std::istreambuf_iterator<char>(file)), {});
  while (!text.empty() && text.back() == '\n') text.pop_back();
  return text;
}

}  // namespace

int main(int argc, char** argv) {
  if (argc != 6) return 2;
  behalf::v1::GetTokenRequest request;
  request.set_subject_token(ReadToken(argv[2]));
  request.set_api(argv[3]);
  std::vector<std::unique_ptr<behalf::v1::TokenBroker::Stub>> stubs;
  for (int i = 0; i < kChannels; ++i) {
    grpc::ChannelArguments arguments;
    arguments.SetInt("bench.channel", i);  // else equal channels share a connection
    stubs.push_back(behalf::v1::TokenBroker::NewStub(grpc::CreateCustomChannel(
        "unix:" + std::string(argv[1]), grpc::InsecureChannelCredentials(), arguments)));
  }
  const auto begun = SteadyClock::now();
  const auto end = begun + std::chrono::milliseconds(static_cast<int>(std::stod(argv[4]) * 1000));
  std::vector<std::unique_ptr<Loop>> loops;
  for (int i = 0; i < std::stoi(argv[5]); ++i) {
    loops.push_back(std::make_unique<Loop>(*stubs[i % kChannels], request, end));
    loops.back()->Next();
  }
  std::vector<float> all;
  int errors = 0;
  for (auto& loop : loops) {
    loop->Wait();
    all.insert(all.end(), loop->micros.begin(), loop->micros.end());
    errors += loop->errors;
  }
  const double seconds = std::chrono::duration<double>(SteadyClock::now() - begun).count();
  std::sort(all.begin(), all.end());
  std::cout << "{\"requests\": " << all.size() << ", \"errors\": " << errors
            << ", \"seconds\": " << seconds << ", \"p50_us\": " << all[all.size() / 2]
            << ", \"p99_us\": " << all[all.size() * 99 / 100] << "}\n";
}
