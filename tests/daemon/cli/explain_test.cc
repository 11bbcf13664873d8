#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "tests/daemon/cli/command_line.h"
#include "tests/daemon/cli/scratch.h"

namespace behalf::cli {
namespace {

using testing::AllOf;
using testing::HasSubstr;
using testing::Not;
using testing::StartsWith;

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
  name: invoices
spec:
  resource: api://2f0a6c9e-51cf-4d7a-8a53-7a0f7b1f6d10
  audiences: [api://2f0a6c9e-51cf-4d7a-8a53-7a0f7b1f6d10]
  scopes: [Invoices.Read, Invoices.Write]
---
apiVersion: behalf/v1
kind: Blueprint
metadata:
  name: invoice-assistant
spec:
  provider: contoso
  clientId: 8f6c0b2e-0c6c-4f0e-9a51-0f8f5b8a2f11
  credential:
    secret: {file: missing}
  subjects:
    audiences: [api://8f6c0b2e-0c6c-4f0e-9a51-0f8f5b8a2f11]
    tenants: [5b404cf4-a79d-4cfe-b866-24bf8e1a4921]
    clients: [3d1d5e0a-5d43-4d5e-8a8f-6a2f6f1f9b77]
    scopes: [access_agent]
  agents:
    - name: invoice-bot
      id: b1a7b9de-7d0e-4a4e-9a56-5bb3a4a0c1d2
      callers:
        - unix: {socket: agents, user: "1001"}
  allow:
    - api: invoices
      scopes: [Invoices.Read]
      maxLifetime: 90m
...
)";

constexpr char kClaims[] = R"({"tid": "5B404CF4-a79d-4cfe-b866-24bf8e1a4921", "oid": "a11ce",
  "aud": "api://8f6c0b2e-0c6c-4f0e-9a51-0f8f5b8a2f11", "idtyp": "user", "scp": "access_agent x",
  "azp": "3d1d5e0a-5d43-4d5e-8a8f-6a2f6f1f9b77", "auth_time": 1700000000, "groups": ["a"]})";

class ExplainTest : public testing::Test {
 protected:
  Outcome Ask(const std::string& verb, const std::vector<std::string>& more = {},
              const std::string& uid = "1001", bool terminal = false) {
    std::vector<std::string> words = {verb,    "--documents",     documents_, "--claims",
                                      claims_, "--caller-socket", "agents",   "--caller-uid",
                                      uid,     "--api",           "invoices"};
    words.insert(words.end(), more.begin(), more.end());
    return RunLine(words, {}, "", terminal);
  }

  const Scratch scratch_;
  const std::string documents_ = scratch_.Write("documents.yaml", kDocuments);
  const std::string claims_ = scratch_.Write("claims.json", kClaims);
};

TEST_F(ExplainTest, AnAllowedRequestExitsWith0AndShowsItsTree) {
  const Outcome outcome = Ask("explain");
  EXPECT_EQ(outcome.code, 0) << outcome.err;
  EXPECT_THAT(outcome.out,
              AllOf(StartsWith("allowed: Invoices.Read\ndecided by "), HasSubstr("├─ ✓ caller"),
                    HasSubstr("✓ allowance"), HasSubstr("documents.yaml:"),
                    HasSubstr("what would change it:\n  - remove the allowance")));
  EXPECT_EQ(Ask("can-i").out, "yes\n");
  EXPECT_EQ(Ask("can-i").code, 0);
}

TEST_F(ExplainTest, ADeniedRequestExitsWith1AndSaysWhatWouldChangeIt) {
  const Outcome outcome = Ask("explain", {"--scope", "Invoices.Write"});
  EXPECT_EQ(outcome.code, 1);
  EXPECT_THAT(outcome.out, AllOf(StartsWith("denied: SCOPE_NOT_ALLOWED\n"), HasSubstr("✗ scopes"),
                                 HasSubstr("what would change it:\n  - ")));
  const Outcome no = Ask("can-i", {"--scope", "Invoices.Write"});
  EXPECT_EQ(no.code, 1);
  EXPECT_EQ(no.out, "no: SCOPE_NOT_ALLOWED\n");
}

TEST_F(ExplainTest, AnUnknownCallerIsToldTheNearestSelector) {
  const Outcome outcome = Ask("explain", {}, "4001");
  EXPECT_EQ(outcome.code, 1);
  EXPECT_THAT(outcome.out, AllOf(StartsWith("denied: CALLER_UNKNOWN\n"),
                                 HasSubstr("the nearest is {socket: agents, user: 1001} at "),
                                 HasSubstr("add the caller to those of the agent invoice-bot")));
}

TEST_F(ExplainTest, WhoNamesAnAgentThatIsNoneOfItsOwnIsToldToNameOne) {
  const Outcome outcome = Ask("explain", {"--agent", "invoice-bott"});
  EXPECT_EQ(outcome.code, 1) << outcome.err;
  EXPECT_THAT(outcome.out, HasSubstr("AGENT_NOT_CALLERS"));
  EXPECT_THAT(outcome.out, HasSubstr("name the agent in the request: invoice-bot\n"));
}

TEST_F(ExplainTest, JsonHasEverything) {
  const Outcome outcome = Ask("explain", {"-o", "json"});
  EXPECT_THAT(outcome.out,
              AllOf(StartsWith(R"({"allowed":true,"reason":null,)"),
                    HasSubstr(R"("scopes":["Invoices.Read"])"), HasSubstr(R"("verdict":"holds")"),
                    HasSubstr(R"("line":)"), HasSubstr(R"("kind":"remove_allowance")")));
  EXPECT_EQ(Ask("can-i", {"-o", "json", "--scope", "x"}).out,
            "{\"allowed\":false,\"reason\":\"SCOPE_NOT_ALLOWED\"}\n");
}

TEST_F(ExplainTest, ColoursAreForTerminals) {
  EXPECT_THAT(Ask("explain").out, Not(HasSubstr("\x1b[")));
  EXPECT_THAT(Ask("explain", {}, "1001", true).out, HasSubstr("\x1b[32mallowed:"));
}

TEST_F(ExplainTest, FactsOfTheHostCountWhereTheyAreAskedFor) {
  EXPECT_EQ(Ask("can-i", {"--host"}).out, "no: BLUEPRINT_DISABLED\n");
}

TEST_F(ExplainTest, WhatCannotBeToldIsNeitherYesNorNo) {
  const std::vector<std::string> caller = {"--caller-socket", "agents",  "--caller-uid", "1001",
                                           "--api",           "invoices"};
  const auto ask = [&](std::vector<std::string> words) {
    words.insert(words.begin(), "can-i");
    words.insert(words.end(), caller.begin(), caller.end());
    return RunLine(words).code;
  };
  EXPECT_EQ(ask({"--socket", scratch_.Path("nobody.sock")}), 3);
  EXPECT_EQ(ask({"--documents", scratch_.Path("none.yaml")}), 4);
  EXPECT_EQ(ask({"--documents", scratch_.Write("torn.yaml", "kind: Api\n")}), 4);
  EXPECT_EQ(ask({"--documents", documents_, "--claims", scratch_.Write("bad.json", "[]")}), 4);
  EXPECT_EQ(ask({"--documents", documents_, "--subject-token-file", claims_}), 2);
  EXPECT_EQ(ask({"--documents", documents_, "--at", "tomorrow"}), 2);
  EXPECT_EQ(ask({}), 2);
}

TEST_F(ExplainTest, AClaimOfAWrongTypeIsNamed) {
  for (const char* claims : {R"({"groups": "a"})", R"({"groups": [1]})"}) {
    scratch_.Write("claims.json", claims);
    const Outcome outcome = Ask("explain");
    EXPECT_EQ(outcome.code, 4);
    EXPECT_THAT(outcome.err, HasSubstr("the claim groups must be a list of strings"));
  }
}

class AuditShow : public testing::Test {
 protected:
  Outcome Show(const std::string& id, const std::vector<std::string>& more = {}) {
    std::vector<std::string> words = {"audit", "show", id, "--file", file_};
    words.insert(words.end(), more.begin(), more.end());
    return RunLine(words);
  }

  const Scratch scratch_;
  const std::string file_ = scratch_.Write(
      "audit.jsonl",
      "{\"event\":\"started\"}\n"
      "{\"event\":\"denied\",\"decision_id\":\"0123456789abcdef\",\"time\":\"2026-01-01T00:00:"
      "00Z\","
      "\"caller\":{\"socket\":\"agents\",\"uid\":4001,\"gid\":7},\"term\":\"caller\","
      "\"reason\":\"CALLER_UNKNOWN\",\"detail\":\"the nearest is "
      "...\",\"decided_by\":\"x.yaml:3\"}\n"
      "{\"event\":\"explained\",\"decision_id\":\"0123456700000000\"}\n"
      "{\"event\":\"denied\",\"decision_id\":\"89abcdef\n");
};

TEST_F(AuditShow, PrintsTheDecisionAsATree) {
  const Outcome outcome = Show("0123456789");
  EXPECT_EQ(outcome.code, 0);
  EXPECT_EQ(outcome.out,
            "denied: CALLER_UNKNOWN\n"
            "decided by x.yaml:3\n"
            "at 2026-01-01T00:00:00Z, decision 0123456789abcdef\n"
            "├─ caller  socket agents, uid 4001, gid 7\n"
            "├─ ✗ failed  caller\n"
            "└─ detail  the nearest is ...\n");
  EXPECT_EQ(outcome.err, "1 malformed line was skipped\n");
}

TEST_F(AuditShow, JsonIsTheLineItself) {
  EXPECT_EQ(Show("01234567000", {"-o", "json"}).out,
            "{\"event\":\"explained\",\"decision_id\":\"0123456700000000\"}\n");
}

TEST_F(AuditShow, AnIdThatFitsNoneOrSeveralIsTold) {
  const Outcome none = Show("ffffffff");
  EXPECT_EQ(none.code, 1);
  EXPECT_THAT(none.err, HasSubstr("the record has no decision ffffffff"));
  const Outcome several = Show("01234567");
  EXPECT_EQ(several.code, 1);
  EXPECT_THAT(several.err, HasSubstr("0123456700000000, 0123456789abcdef"));
}

// A record that somebody edited.
TEST_F(AuditShow, ATextStaysInItsLine) {
  const std::string file = scratch_.Write(
      "edited.jsonl",
      R"({"decision_id":"0123456789\nabcd","event":"denied\nat ever\t","detail":"a\nb\tc","reason":"no\nne"})"
      "\n"
      R"({"decision_id":"89abcdef\u001b[2J","event":"denied"})"
      "\n"
      R"({"decision_id":"89abcdef\n","event":"denied"})"
      "\n");
  EXPECT_EQ(RunLine({"audit", "show", "0123456789", "--file", file}).out,
            "denied at ever : no ne\n"
            "at , decision 0123456789 abcd\n"
            "└─ detail  a b c\n");
  EXPECT_EQ(RunLine({"audit", "show", "89abcdef", "--file", file}).err,
            "the record has several decisions 89abcdef...: 89abcdef , 89abcdef\\x1b[2J\n");
}

TEST_F(AuditShow, WhatSteersATerminalIsNoRecord) {
  const std::string file =
      scratch_.Write("edited.jsonl", "{\"decision_id\":\"0123456789\",\"detail\":\"\x1b[2J\"}\n");
  const Outcome outcome = RunLine({"audit", "show", "0123456789", "--file", file, "-o", "json"});
  EXPECT_EQ(outcome.out, "");
  EXPECT_THAT(outcome.err, HasSubstr("1 malformed line was skipped"));
}

TEST_F(AuditShow, ANumberMayBeAny) {
  const std::string file = scratch_.Write(
      "edited.jsonl",
      R"({"decision_id":"0123456789","a":1e300,"b":-1e300,"c":1.5,"d":9007199254740992,"e":-7})"
      "\n");
  EXPECT_THAT(RunLine({"audit", "show", "0123456789", "--file", file}).out,
              testing::EndsWith("├─ a  1e+300\n├─ b  -1e+300\n├─ c  1.5\n"
                                "├─ d  9007199254740992\n└─ e  -7\n"));
}

TEST_F(AuditShow, WhatIsNoIdOrNoFileIsTold) {
  EXPECT_EQ(Show("0123").code, 2);
  EXPECT_EQ(Show("decision").code, 2);
  EXPECT_EQ(Show("01234567", {"--file", scratch_.Path("none")}).code, 4);
  EXPECT_EQ(RunLine({"audit", "show", "01234567"}).code, 2);
}

}  // namespace
}  // namespace behalf::cli
