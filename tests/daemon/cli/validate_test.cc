#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <filesystem>

#include "tests/daemon/cli/command_line.h"
#include "tests/daemon/cli/scratch.h"

namespace behalf::cli {
namespace {

using testing::AllOf;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::MatchesRegex;
using testing::Not;

constexpr char kProvider[] = R"(apiVersion: behalf/v1
kind: Provider
metadata:
  name: contoso
spec:
  dialect: entra
  tenant: 5b404cf4-a79d-4cfe-b866-24bf8e1a4921
...
)";

// Relies on one fact of the host only, its systemd credential.
constexpr char kBlueprint[] = R"(apiVersion: behalf/v1
kind: Api
metadata:
  name: graph
spec:
  resource: https://graph.microsoft.com
  audiences: [https://graph.microsoft.com]
  scopes: [Mail.Read]
---
apiVersion: behalf/v1
kind: Blueprint
metadata:
  name: invoice-assistant
spec:
  provider: contoso
  clientId: 8f6c0b2e-0c6c-4f0e-9a51-0f8f5b8a2f11
  credential:
    secret: {systemd: invoice-assistant}
  subjects:
    audiences: [api://8f6c0b2e-0c6c-4f0e-9a51-0f8f5b8a2f11]
    tenants: [5b404cf4-a79d-4cfe-b866-24bf8e1a4921]
    clients: [3d1d5e0a-5d43-4d5e-8a8f-6a2f6f1f9b77]
    scopes: [access_agent]
  agents:
    - name: invoice-bot
      id: b1a7b9de-7d0e-4a4e-9a56-5bb3a4a0c1d2
      callers:
        - unix: {socket: agents, user: 4242}
  allow:
    - api: graph
      scopes: [Mail.Read]
      maxLifetime: 90m
...
)";

class Validate : public testing::Test {
 protected:
  static Outcome Check(const std::vector<std::string>& more, const Environment& environment = {}) {
    std::vector<std::string> words = {"blueprint", "validate"};
    words.insert(words.end(), more.begin(), more.end());
    return RunLine(words, environment);
  }

  const Scratch scratch;
  const std::string provider = scratch.Write("provider.yaml", kProvider);
  const std::string blueprint = scratch.Write("blueprint.yaml", kBlueprint);
};

TEST_F(Validate, ASetThatLoadsIsSummedUpOnOneLine) {
  const Outcome outcome = Check({"--no-host", scratch.Path("")});
  EXPECT_EQ(outcome.code, 0) << outcome.err;
  EXPECT_THAT(outcome.err, IsEmpty());
  EXPECT_THAT(outcome.out, MatchesRegex("ok: 2 files, 1 provider, 1 API, 0 tools, 1 blueprint, "
                                        "1 agent, 0 policies, digest [0-9a-f]{64}\n"));
  EXPECT_EQ(Check({"--no-host", blueprint, provider}).out, outcome.out);
}

TEST_F(Validate, ASetThatLoadsHasADigestInJson) {
  EXPECT_THAT(Check({"--no-host", "-o", "json", scratch.Path("")}).out,
              MatchesRegex(R"(\{"ok":true,"digest":"[0-9a-f]{64}","issues":\[\]\})"
                           "\n"));
}

TEST_F(Validate, FindingsGoToTheStandardErrorWithPlaceAndAdvice) {
  const Outcome outcome = Check({"--no-host", blueprint});
  EXPECT_EQ(outcome.code, 1);
  EXPECT_THAT(outcome.out, IsEmpty());
  EXPECT_THAT(outcome.err, AllOf(HasSubstr(blueprint + ":15:13: error: "), HasSubstr("^\nhelp: "),
                                 HasSubstr("1 finding in 1 file\n")));
}

TEST_F(Validate, FindingsAreAnArrayInJson) {
  const Outcome outcome = Check({"--no-host", "-o", "json", blueprint});
  EXPECT_EQ(outcome.code, 1);
  EXPECT_THAT(outcome.err, IsEmpty());
  EXPECT_THAT(
      outcome.out,
      testing::StartsWith(R"({"ok":false,"digest":null,"issues":[{"kind":"document","file":")" +
                          blueprint + R"(","line":15,"column":13,"message":")"));
  EXPECT_THAT(outcome.out,
              AllOf(HasSubstr(R"(","advice":")"), HasSubstr(R"(","blueprint":""}]})")));
}

TEST_F(Validate, FactsOfTheHostAreFindingsOfTheirBlueprint) {
  const Outcome missing = Check({"-o", "json", scratch.Path("")});
  EXPECT_EQ(missing.code, 1);
  EXPECT_THAT(missing.out,
              AllOf(HasSubstr(R"({"ok":false,"digest":")"), HasSubstr(R"([{"kind":"host",)"),
                    HasSubstr(R"(,"blueprint":"invoice-assistant"}]})")));
}

TEST_F(Validate, SystemdCredentialsAreLookedForInTheirDirectory) {
  std::filesystem::create_directory(scratch.Path("credentials"));
  const std::string secret = scratch.Write("credentials/invoice-assistant", "s3cret-value");
  std::filesystem::permissions(secret, std::filesystem::perms::owner_read);
  const Outcome outcome =
      Check({provider, blueprint}, {{"CREDENTIALS_DIRECTORY", scratch.Path("credentials")}});
  EXPECT_EQ(outcome.code, 0) << outcome.err;
  EXPECT_THAT(outcome.out + outcome.err, Not(HasSubstr("s3cret")));
}

TEST_F(Validate, AFileThatCannotBeReadIsALocalFailure) {
  const Outcome outcome = Check({scratch.Path("none.yaml")});
  EXPECT_EQ(outcome.code, 4);
  EXPECT_THAT(outcome.err, HasSubstr(scratch.Path("none.yaml")));
}

TEST_F(Validate, WhatADocumentSaysCannotSteerTheTerminal) {
  const std::string bad = scratch.Write("bad.yaml", "apiVersion: \x1b[2J\n...\n");
  const Outcome outcome = Check({bad});
  EXPECT_EQ(outcome.code, 1);
  EXPECT_THAT(outcome.err, Not(HasSubstr("\x1b")));
}

}  // namespace
}  // namespace behalf::cli
