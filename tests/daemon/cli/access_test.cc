// Delegated or as the agent itself: what the commands ask for, and what does
// not go together.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "tests/daemon/cli/command_line.h"
#include "tests/daemon/cli/fake_daemon.h"
#include "tests/daemon/cli/scratch.h"

namespace behalf::cli {
namespace {

using testing::AllOf;
using testing::HasSubstr;
using testing::StartsWith;

using Words = std::vector<std::string>;

Words With(Words words, const Words& more) {
  words.insert(words.end(), more.begin(), more.end());
  return words;
}

class AccessFlagOfCalls : public testing::Test {
 protected:
  Outcome GetToken(const Words& more) const {
    return RunLine(With({"token", "get", "--api", "ledger"}, more), {{"BEHALF_SOCKET", socket_}});
  }
  Outcome CreateHandle(const Words& more) const {
    return RunLine(With({"handle", "create", "--tool", "ledger-search", "--api", "ledger"}, more),
                   {{"BEHALF_SOCKET", socket_}});
  }
  void ExpectMisused(const Words& more, const std::string& message) {
    for (const Outcome& outcome : {GetToken(more), CreateHandle(more)}) {
      EXPECT_EQ(outcome.code, 2);
      EXPECT_THAT(outcome.err, HasSubstr(message));
    }
    EXPECT_EQ(daemon_.calls, 0);
  }

  const Scratch scratch_;
  const std::string socket_ = scratch_.Path("agents.sock");
  const std::string subject_ = scratch_.Write("subject", "eyJhbGciOiJSUzI1NiJ9.YQ.YQ\n");
  FakeDaemon daemon_{socket_};
};

TEST_F(AccessFlagOfCalls, ApplicationAccessIsAskedForWithoutAUser) {
  EXPECT_EQ(GetToken({"--access", "application"}).code, 0);
  EXPECT_EQ(daemon_.asked_token.access(), v1::ACCESS_APPLICATION);
  EXPECT_EQ(daemon_.asked_token.subject_token(), "");
  EXPECT_EQ(CreateHandle({"--access=application"}).code, 0);
  EXPECT_EQ(daemon_.asked_handle.access(), v1::ACCESS_APPLICATION);
  EXPECT_EQ(daemon_.asked_handle.subject_token(), "");
}

TEST_F(AccessFlagOfCalls, DelegatedAccessIsWhatIsAskedForOtherwise) {
  for (const Words& more : {Words{}, Words{"--access", "delegated"}}) {
    EXPECT_EQ(GetToken(With({"--subject-token-file", subject_}, more)).code, 0);
    EXPECT_EQ(daemon_.asked_token.access(), v1::ACCESS_DELEGATED);
    EXPECT_EQ(CreateHandle(With({"--subject-token-file", subject_}, more)).code, 0);
    EXPECT_EQ(daemon_.asked_handle.access(), v1::ACCESS_DELEGATED);
  }
}

TEST_F(AccessFlagOfCalls, AUsersTokenIsForDelegatedAccessOnly) {
  ExpectMisused({"--access", "application", "--subject-token-file", subject_},
                "--subject-token-file is for delegated access");
}

TEST_F(AccessFlagOfCalls, DelegatedAccessNeedsAUsersToken) {
  ExpectMisused({}, "--subject-token-file is required, unless --access application is meant");
  ExpectMisused({"--access", "delegated"}, "--subject-token-file is required");
}

TEST_F(AccessFlagOfCalls, ThereIsNoOtherAccess) {
  ExpectMisused({"--access", "app"}, "--access is one of: delegated, application");
}

constexpr char kDocuments[] = R"(apiVersion: behalf/v1
kind: Provider
metadata:
  name: contoso
spec:
  dialect: entra
  tenant: 5b404cf4-a79d-4cfe-b866-24bf8e1a4921
---
apiVersion: behalf/v1
kind: Api
metadata:
  name: ledger
spec:
  resource: https://ledger.contoso.example
  audiences: [1c4e7a90-5b2d-4f83-9e6a-c0d8b3f51a27]
  scopes: []
  roles: [Ledger.Read]
---
apiVersion: behalf/v1
kind: Blueprint
metadata:
  name: reports
spec:
  provider: contoso
  clientId: 4b8e2d60-9f17-4c3a-a5d8-e06b7c1f3920
  credential:
    secret: {file: missing}
  agents:
    - name: reports
      application: true
      callers:
        - unix: {socket: agents, user: "1001"}
  allow:
    - {api: ledger, access: application, roles: [Ledger.Read], maxLifetime: 90m}
...
)";

class AccessFlagOfQuestions : public testing::Test {
 protected:
  Outcome Ask(const Words& more) {
    const Words words = {"explain",      "--documents", documents_, "--caller-socket", "agents",
                         "--caller-uid", "1001",        "--api",    "ledger"};
    return RunLine(With(words, more));
  }

  const Scratch scratch_;
  const std::string documents_ = scratch_.Write("documents.yaml", kDocuments);
};

TEST_F(AccessFlagOfQuestions, ApplicationAccessIsExplainedWithoutAUser) {
  const Outcome outcome = Ask({"--access", "application"});
  EXPECT_EQ(outcome.code, 0) << outcome.err;
  EXPECT_THAT(outcome.out, AllOf(StartsWith("allowed: Ledger.Read\n"),
                                 HasSubstr("there is none: the agent acts as itself")));
}

TEST_F(AccessFlagOfQuestions, NeitherUserNorScopeGoesWithApplicationAccess) {
  for (const Words& more :
       {Words{"--claims", documents_}, Words{"--subject-token-file", documents_},
        Words{"--scope", "Ledger.Read"}}) {
    const Outcome outcome = Ask(With({"--access", "application"}, more));
    EXPECT_EQ(outcome.code, 2) << more.front();
    EXPECT_THAT(outcome.err, HasSubstr("--access application goes with no user and no scope"));
  }
}

}  // namespace
}  // namespace behalf::cli
