// What the daemon leaves of the environment, and whom it tells.
#include "daemon/process/environment.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <spdlog/sinks/ostream_sink.h>
#include <spdlog/spdlog.h>
#include <unistd.h>

#include <cstdlib>
#include <memory>
#include <sstream>
#include <string>
#include <vector>

namespace behalf {
namespace {

using ::testing::AllOf;
using ::testing::Contains;
using ::testing::HasSubstr;
using ::testing::Not;
using ::testing::UnorderedElementsAre;

// Holds these variables alone while it lives.
class Environment {
 public:
  explicit Environment(std::vector<std::string> variables) : variables_(std::move(variables)) {
    for (std::string& variable : variables_) pointers_.push_back(variable.data());
    pointers_.push_back(nullptr);
    before_ = environ;
    environ = pointers_.data();
  }
  ~Environment() { environ = before_; }
  Environment(const Environment&) = delete;
  Environment& operator=(const Environment&) = delete;

  static std::vector<std::string> Now() {
    std::vector<std::string> variables;
    for (char** at = environ; at != nullptr && *at != nullptr; ++at) variables.emplace_back(*at);
    return variables;
  }

 private:
  std::vector<std::string> variables_;
  std::vector<char*> pointers_;
  char** before_ = nullptr;
};

TEST(ScrubEnvironment, LeavesWhatTheDaemonReadsAndNothingElse) {
  const Environment environment(
      {"CREDENTIALS_DIRECTORY=/run/credentials/behalfd.service", "NOTIFY_SOCKET=@notify=1",
       "LISTEN_PID=7", "LISTEN_FDS=2", "LISTEN_FDNAMES=agents:admin", "GRPC_TRACE=all",
       "SSLKEYLOGFILE=/tmp/keys", "https_proxy=http://evil:1", "LD_PRELOAD=/tmp/evil.so",
       "RES_OPTIONS=debug", "NEVER_HEARD_OF=1"});
  const std::vector<std::string> dropped = ScrubEnvironment();
  EXPECT_THAT(dropped,
              AllOf(Contains("GRPC_TRACE"), Contains("SSLKEYLOGFILE"), Contains("https_proxy"),
                    Contains("LD_PRELOAD"), Contains("RES_OPTIONS"), Contains("NEVER_HEARD_OF")));
  EXPECT_THAT(Environment::Now(),
              UnorderedElementsAre("CREDENTIALS_DIRECTORY=/run/credentials/behalfd.service",
                                   "NOTIFY_SOCKET=@notify=1", "LISTEN_PID=7", "LISTEN_FDS=2",
                                   "LISTEN_FDNAMES=agents:admin"));
}

TEST(ScrubEnvironment, IsNotMisledByOddVariables) {
  const Environment environment(
      {"LISTEN_FDS", "=nameless", "", "listen_fds=1", "LISTEN_FDS2=1", "NOTIFY_SOCKET="});
  ScrubEnvironment();
  EXPECT_THAT(Environment::Now(), UnorderedElementsAre("NOTIFY_SOCKET="));
}

TEST(LogScrubbed, SaysWhatToWriteInPlaceOfAProxy) {
  const auto before = spdlog::default_logger();
  std::ostringstream said;
  spdlog::set_default_logger(std::make_shared<spdlog::logger>(
      "test", std::make_shared<spdlog::sinks::ostream_sink_mt>(said)));
  LogScrubbed({"HTTPS_PROXY", "grpc_proxy", "HOME"});
  spdlog::set_default_logger(before);
  EXPECT_THAT(said.str(), AllOf(HasSubstr("HTTPS_PROXY is not obeyed: `proxy` of a Provider"),
                                HasSubstr("grpc_proxy is not obeyed"), Not(HasSubstr("HOME"))));
}

}  // namespace
}  // namespace behalf
