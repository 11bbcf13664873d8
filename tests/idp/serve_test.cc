// The program itself, over TLS, asked by curl.
#include <fcntl.h>
#include <gtest/gtest.h>
#include <signal.h>
#include <spawn.h>
#include <sys/inotify.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cstdlib>
#include <filesystem>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "tests/idp/fixture.h"
#include "tests/idp/state_directory.h"

namespace behalf::idp {
namespace {

class Serve : public IdpTest {
 protected:
  Serve() {
    char name[] = "/tmp/behalf-idp-test.XXXXXX";
    folder_ = mkdtemp(name);
  }
  ~Serve() override {
    Stop();
    std::filesystem::remove_all(folder_);
  }

  // Returns when the ready file stands there.
  void Start() {
    std::filesystem::remove(In("ready"));
    const int watch = inotify_init1(IN_CLOEXEC);
    inotify_add_watch(watch, folder_.c_str(), IN_MOVED_TO);
    Spawn({BEHALF_IDP, "serve", "--config", Path(), "--state", In("state"), "--listen",
           "127.0.0.1:0", "--ready-file", In("ready")});
    char event[4096];
    ASSERT_GT(read(watch, event, sizeof event), 0);
    close(watch);
    url_ = ReadWholeFile(In("ready")).value_or("");
    url_.pop_back();
  }

  // The exit status; -1 when nothing runs.
  int Stop() {
    if (child_ <= 0) return -1;
    kill(child_, SIGTERM);
    int status = 0;
    waitpid(child_, &status, 0);
    child_ = 0;
    return status;
  }

  int Shell(const std::string& command) const {
    return std::system(absl::StrCat("cd ", folder_, " && ", command).c_str());
  }
  int SignInAs(const std::string& user) const {
    return Shell(absl::StrCat(BEHALF_IDP, " sign-in --url ", url_, " --ca state/ca.pem --tenant ",
                              kTenant, " --client ", kPortal, " --user ", user, " --config ",
                              Path(), " --scope api://", kBlueprint,
                              "/access_agent --output token"));
  }
  std::string In(const std::string& name) const { return absl::StrCat(folder_, "/", name); }
  std::string Contents(const std::string& name) const {
    return ReadWholeFile(In(name)).value_or("");
  }

  std::string url_;

 private:
  void Spawn(std::vector<std::string> words) {
    std::vector<char*> arguments;
    for (std::string& word : words) arguments.push_back(word.data());
    arguments.push_back(nullptr);
    posix_spawn_file_actions_t actions;
    posix_spawn_file_actions_init(&actions);
    posix_spawn_file_actions_addopen(&actions, STDERR_FILENO, In("log").c_str(),
                                     O_WRONLY | O_CREAT | O_APPEND, 0600);
    ASSERT_EQ(posix_spawn(&child_, BEHALF_IDP, &actions, nullptr, arguments.data(), environ), 0);
    posix_spawn_file_actions_destroy(&actions);
  }

  std::string folder_;
  pid_t child_ = 0;
};

TEST_F(Serve, AnswersCurlThatTrustsItsCa) {
  Start();
  const std::string path = absl::StrCat(url_, "/", kTenant, "/discovery/v2.0/keys");
  EXPECT_EQ(Shell(absl::StrCat("curl -sf --noproxy '*' --cacert state/ca.pem ", path, " > keys")),
            0);
  EXPECT_TRUE(absl::StrContains(Contents("keys"), "\"kid\""));
  EXPECT_NE(Shell(absl::StrCat("curl -sf --noproxy '*' ", path, " > keys")), 0);
}

TEST_F(Serve, SignsUsersInOverTheWireAndLogsNoToken) {
  Start();
  ASSERT_EQ(SignInAs("alice"), 0);
  struct stat facts{};
  ASSERT_EQ(stat(In("token").c_str(), &facts), 0);
  EXPECT_EQ(facts.st_mode & 07777, 0600U);
  EXPECT_NE(SignInAs("dave 2> refusal"), 0);
  EXPECT_TRUE(absl::StrContains(Contents("refusal"), "AADSTS50057"));
  EXPECT_EQ(Stop(), 0);
  const std::string log = Contents("log");
  EXPECT_TRUE(absl::StrContains(log, "\"grant\":\"password\""));
  EXPECT_FALSE(absl::StrContains(log, "eyJ"));
  EXPECT_FALSE(absl::StrContains(log, "development-only"));
}

TEST_F(Serve, KeepsItsKeysInTheStateDirectory) {
  Start();
  const std::string ca = Contents("state/ca.pem");
  const std::string key = Contents("state/signing-1.key");
  EXPECT_EQ(Stop(), 0);
  Start();
  EXPECT_EQ(Contents("state/ca.pem"), ca);
  EXPECT_EQ(Contents("state/signing-1.key"), key);
  for (const char* name : {"state/ca.key", "state/server.key", "state/signing-1.key"}) {
    struct stat facts{};
    ASSERT_EQ(stat(In(name).c_str(), &facts), 0);
    EXPECT_EQ(facts.st_mode & 07777, 0600U) << name;
  }
}

TEST_F(Serve, IsChangedByWhoReadsTheStateDirectory) {
  Start();
  struct stat facts{};
  ASSERT_EQ(stat(In("state/admin-token").c_str(), &facts), 0);
  EXPECT_EQ(facts.st_mode & 07777, 0600U);
  const std::string keys = absl::StrCat(url_, "/admin/keys > reply");
  const std::string curl = "curl -s --noproxy '*' --cacert state/ca.pem -X POST ";
  EXPECT_EQ(Shell(curl + keys), 0);
  EXPECT_TRUE(absl::StrContains(Contents("reply"), "unauthorized"));
  EXPECT_EQ(
      Shell(absl::StrCat(curl, "-H \"Authorization: Bearer $(cat state/admin-token)\" ", keys)), 0);
  EXPECT_TRUE(absl::StrContains(Contents("reply"), "kid"));
  EXPECT_NE(Contents("state/signing-1a.key"), "");
  EXPECT_EQ(SignInAs("alice"), 0);
}

TEST_F(Serve, RefusesToStartWithAnUnknownFlagOrABadDirectory) {
  EXPECT_NE(Shell(absl::StrCat(BEHALF_IDP, " serve --colour blue 2> /dev/null")), 0);
  EXPECT_NE(Shell(absl::StrCat(BEHALF_IDP, " serve --config /dev/null --state state 2> /dev/null")),
            0);
}

}  // namespace
}  // namespace behalf::idp
