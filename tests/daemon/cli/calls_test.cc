#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/daemon/cli/command_line.h"
#include "tests/daemon/cli/fake_daemon.h"
#include "tests/daemon/cli/scratch.h"

namespace behalf::cli {
namespace {

using testing::AllOf;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::Not;

constexpr char kSubjectToken[] = "eyJhbGciOiJSUzI1NiJ9.c3ViamVjdA.c2lnbmF0dXJl";
constexpr char kApiToken[] = "eyJhbGciOiJSUzI1NiJ9.YXBp.c2lnbmF0dXJl";
constexpr char kHandle[] = "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA";

class Calls : public testing::Test {
 protected:
  Calls() {
    daemon.token.set_access_token(kApiToken);
    daemon.token.set_token_type("Bearer");
    daemon.token.mutable_expires_at()->set_seconds(1767225600);
    daemon.token.add_scopes("Mail.Read");
    daemon.token.add_scopes("User.Read");
    daemon.token.set_decision_id("d-1");

    daemon.handle.set_handle(kHandle);
    daemon.handle.mutable_expires_at()->set_seconds(1767225600);
    daemon.handle.add_scopes("Mail.Read");
    daemon.handle.set_decision_id("d-2");

    daemon.redeemed.set_access_token(kApiToken);
    daemon.redeemed.set_token_type("Bearer");
    daemon.redeemed.mutable_expires_at()->set_seconds(1767225600);
    daemon.redeemed.add_scopes("Mail.Read");
    daemon.redeemed.set_api("graph");
    daemon.redeemed.set_subject_ref("ref-alice");
    daemon.redeemed.set_decision_id("d-3");

    daemon.status.set_version("0.1.0");
    daemon.status.mutable_started_at()->set_seconds(1767225600);
    daemon.status.set_catalog_digest("abc123");
    daemon.status.set_audit_file("/var/log/behalf/audit.jsonl");
    daemon.status.set_handles(4);
    daemon.status.mutable_last_load()->set_taken(true);
    daemon.status.mutable_last_load()->mutable_at()->set_seconds(1767225600);
    auto* blueprint = daemon.status.add_blueprints();
    blueprint->set_name("invoice-assistant");
    blueprint->set_enabled(true);
    blueprint->set_credential(v1::CREDENTIAL_KIND_CERTIFICATE);
    blueprint->mutable_credential_expires_at()->set_seconds(1767225600);
    auto* provider = daemon.status.add_providers();
    provider->set_name("contoso");
    provider->set_signing_keys(2);
  }

  Outcome Call(std::vector<std::string> words, const std::string& input = "") const {
    return RunLine(words, {{"BEHALF_SOCKET", socket}}, input);
  }
  Outcome GetToken(const std::vector<std::string>& more = {}) const {
    return Call(
        With({"token", "get", "--api", "graph", "--subject-token-file", subject_file}, more));
  }
  Outcome CreateHandle(const std::vector<std::string>& more = {}) const {
    return Call(With({"handle", "create", "--tool", "mail-search", "--api", "graph",
                      "--subject-token-file", subject_file},
                     more));
  }
  Outcome RedeemHandle(const std::vector<std::string>& more = {}) const {
    return Call(With({"handle", "redeem", "--handle-file", handle_file}, more));
  }

  static std::vector<std::string> With(std::vector<std::string> words,
                                       const std::vector<std::string>& more) {
    words.insert(words.end(), more.begin(), more.end());
    return words;
  }

  const Scratch scratch;
  const std::string socket = scratch.Path("agents.sock");
  const std::string subject_file = scratch.Write("subject", std::string(kSubjectToken) + "\n");
  const std::string handle_file = scratch.Write("handle", std::string(kHandle) + "\n");
  FakeDaemon daemon{socket};
};

TEST_F(Calls, TokenGetAsksForWhatItWasTold) {
  EXPECT_EQ(GetToken({"--agent=bot", "--scope", "Mail.Read", "--scope", "User.Read"}).code, 0);
  EXPECT_EQ(daemon.asked_token.subject_token(), kSubjectToken);
  EXPECT_EQ(daemon.asked_token.agent(), "bot");
  EXPECT_EQ(daemon.asked_token.api(), "graph");
  EXPECT_THAT(daemon.asked_token.scopes(), ElementsAre("Mail.Read", "User.Read"));
}

TEST_F(Calls, TheSubjectTokenMayComeFromTheStandardInput) {
  const Outcome outcome =
      Call({"token", "get", "--api=graph", "--subject-token-file", "-"}, "from-stdin\n");
  EXPECT_EQ(outcome.code, 0);
  EXPECT_EQ(daemon.asked_token.subject_token(), "from-stdin");
}

TEST_F(Calls, TokenGetShowsEverythingButTheToken) {
  const Outcome outcome = GetToken();
  EXPECT_EQ(outcome.code, 0);
  EXPECT_EQ(outcome.out,
            "token type   Bearer\n"
            "expires at   2026-01-01T00:00:00Z\n"
            "scopes       Mail.Read User.Read\n"
            "decision id  d-1\n");
  EXPECT_THAT(outcome.err, HasSubstr("--token-file"));
}

TEST_F(Calls, TokenGetAnswersInJson) {
  EXPECT_EQ(GetToken({"-o", "json"}).out,
            R"({"token_type":"Bearer","expires_at":"2026-01-01T00:00:00Z",)"
            R"("scopes":["Mail.Read","User.Read"],"decision_id":"d-1"})"
            "\n");
}

TEST_F(Calls, NoOutputHoldsATokenUnlessShowTokenSaysSo) {
  for (const std::vector<std::string>& format :
       {std::vector<std::string>{}, {"--output=json"}, {"--token-file", scratch.Path("api")}}) {
    for (const Outcome& outcome : {GetToken(format), RedeemHandle(format)}) {
      EXPECT_EQ(outcome.code, 0);
      EXPECT_THAT(
          outcome.out + outcome.err,
          AllOf(Not(HasSubstr(kApiToken)), Not(HasSubstr(kHandle)), Not(HasSubstr(kSubjectToken))));
    }
  }
  for (const Outcome& outcome : {GetToken({"--show-token"}), RedeemHandle({"--show-token"}),
                                 GetToken({"--show-token", "-ojson"})}) {
    EXPECT_THAT(outcome.out, HasSubstr(kApiToken));
    EXPECT_EQ(outcome.err, "");
  }
}

TEST_F(Calls, TheTokenFileHoldsTheTokenForItsOwnerOnly) {
  const Outcome outcome = GetToken({"--token-file", scratch.Path("api")});
  EXPECT_EQ(outcome.code, 0);
  EXPECT_EQ(outcome.err, "");
  EXPECT_EQ(scratch.Read("api"), kApiToken);
  EXPECT_EQ(scratch.Mode("api"), 0600u);
}

TEST_F(Calls, AFileThatCannotBeReadOrWrittenIsNoticedBeforeTheCall) {
  EXPECT_EQ(GetToken({"--token-file", scratch.Path("none/api")}).code, 4);
  EXPECT_EQ(RedeemHandle({"--token-file", scratch.Path("none/api")}).code, 4);
  EXPECT_EQ(CreateHandle({"--handle-file", scratch.Path("none/handle")}).code, 4);
  EXPECT_EQ(Call({"handle", "redeem", "--handle-file", scratch.Path("none")}).code, 4);
  EXPECT_EQ(daemon.calls, 0);
}

TEST_F(Calls, ARefusalLeavesTheOldTokenFileAlone) {
  const std::string path = scratch.Write("api", "old");
  const std::size_t files = scratch.FileCount();
  daemon.failure = Refuse({.reason = Reason::kNotAllowed}, "no");
  EXPECT_EQ(GetToken({"--token-file", path}).code, 1);
  EXPECT_EQ(scratch.Read("api"), "old");
  EXPECT_EQ(scratch.FileCount(), files);
}

TEST_F(Calls, HandleCreateAsksForWhatItWasTold) {
  EXPECT_EQ(CreateHandle({"--agent=bot", "--scope=Mail.Read", "--lifetime=1m30.5s"}).code, 0);
  EXPECT_EQ(daemon.asked_handle.subject_token(), kSubjectToken);
  EXPECT_EQ(daemon.asked_handle.agent(), "bot");
  EXPECT_EQ(daemon.asked_handle.tool(), "mail-search");
  EXPECT_EQ(daemon.asked_handle.api(), "graph");
  EXPECT_THAT(daemon.asked_handle.scopes(), ElementsAre("Mail.Read"));
  EXPECT_EQ(daemon.asked_handle.lifetime().seconds(), 90);
  EXPECT_EQ(daemon.asked_handle.lifetime().nanos(), 500000000);
}

TEST_F(Calls, HandleCreateLeavesTheLifetimeToTheDaemon) {
  EXPECT_EQ(CreateHandle().code, 0);
  EXPECT_FALSE(daemon.asked_handle.has_lifetime());
}

TEST_F(Calls, HandleCreatePrintsTheHandleOrWritesIt) {
  const Outcome printed = CreateHandle();
  EXPECT_EQ(printed.out, std::string("handle       ") + kHandle +
                             "\n"
                             "expires at   2026-01-01T00:00:00Z\n"
                             "scopes       Mail.Read\n"
                             "decision id  d-2\n");
  EXPECT_THAT(printed.err, HasSubstr("pass the handle to the tool"));
  EXPECT_EQ(CreateHandle({"-o", "json"}).err, "");

  const Outcome written = CreateHandle({"--handle-file", scratch.Path("new")});
  EXPECT_THAT(written.out + written.err, Not(HasSubstr(kHandle)));
  EXPECT_EQ(scratch.Read("new"), kHandle);
  EXPECT_EQ(scratch.Mode("new"), 0600u);
}

TEST_F(Calls, HandleRedeemAsksForWhatItWasTold) {
  EXPECT_EQ(RedeemHandle({"--request-id=r1", "--scope=Mail.Read"}).code, 0);
  EXPECT_EQ(daemon.asked_redeem.handle(), kHandle);
  EXPECT_EQ(daemon.asked_redeem.request_id(), "r1");
  EXPECT_THAT(daemon.asked_redeem.scopes(), ElementsAre("Mail.Read"));
}

TEST_F(Calls, HandleRedeemShowsWhoseAndWhatTheTokenIs) {
  EXPECT_EQ(RedeemHandle().out,
            "api          graph\n"
            "token type   Bearer\n"
            "expires at   2026-01-01T00:00:00Z\n"
            "scopes       Mail.Read\n"
            "subject ref  ref-alice\n"
            "decision id  d-3\n");
}

TEST_F(Calls, HealthIsWhatTheDaemonAnswers) {
  const Outcome serves = Call({"health"});
  EXPECT_EQ(serves.code, 0) << serves.err;
  EXPECT_EQ(serves.out, "serves  true\n");
  EXPECT_EQ(Call({"health", "-o", "json"}).out, "{\"serves\":true}\n");

  daemon.SetHealthy(false);
  const Outcome stopping = Call({"health"});
  EXPECT_EQ(stopping.code, 1);
  EXPECT_EQ(stopping.out, "serves  false\n");
  const Outcome alive = Call({"health", "--alive"});
  EXPECT_EQ(alive.code, 0);
  EXPECT_EQ(alive.out, "serves  false\n");
}

TEST_F(Calls, StatusIsGoodWhenAllBlueprintsAreEnabled) {
  const Outcome outcome = Call({"status"});
  EXPECT_THAT(outcome.out, HasSubstr("/var/log/behalf/audit.jsonl"));
  EXPECT_EQ(outcome.code, 0);
  EXPECT_THAT(outcome.out,
              AllOf(HasSubstr("catalog digest       abc123\n"),
                    HasSubstr("invoice-assistant  enabled  certificate  2026-01-01T00:00:00Z\n"),
                    HasSubstr("contoso   2     not yet  closed\n")));
}

TEST_F(Calls, StatusExitsWith1WhenABlueprintIsDisabled) {
  auto* blueprint = daemon.status.add_blueprints();
  blueprint->set_name("broken");
  blueprint->set_credential(v1::CREDENTIAL_KIND_SECRET);
  blueprint->add_problems("the secret is missing");
  blueprint->add_problems("the CA file is missing");
  const Outcome table = Call({"status"});
  EXPECT_EQ(table.code, 1);
  EXPECT_THAT(
      table.out,
      HasSubstr(
          "broken             disabled  secret       not known             the secret is missing\n"
          "                                                                the CA file is "
          "missing\n"));
  const Outcome json = Call({"status", "-o", "json"});
  EXPECT_EQ(json.code, 1);
  EXPECT_THAT(json.out,
              HasSubstr(R"({"name":"broken","enabled":false,"credential":"secret",)"
                        R"("credential_expires_at":null,"problems":["the secret is missing",)"));
}

TEST_F(Calls, StatusExitsWith1WhenTheDocumentsWereRefused) {
  daemon.status.set_documents_differ(true);
  auto& load = *daemon.status.mutable_last_load();
  load.set_taken(false);
  load.set_trigger(v1::CATALOG_TRIGGER_WATCH);
  load.mutable_at()->set_seconds(1767225600);
  load.add_issues("a.yaml:1:1: error: nonsense\n");
  const Outcome table = Call({"status"});
  EXPECT_EQ(table.code, 1);
  EXPECT_THAT(table.out, AllOf(HasSubstr("documents differ     true\n"),
                               HasSubstr("refused 2026-01-01T00:00:00Z (watch)\n"),
                               HasSubstr("\na.yaml:1:1: error: nonsense\n")));
  const Outcome json = Call({"status", "-o", "json"});
  EXPECT_EQ(json.code, 1);
  EXPECT_THAT(json.out, HasSubstr(R"("last_load":{"at":"2026-01-01T00:00:00Z","trigger":"watch",)"
                                  R"("taken":false,"issues":["a.yaml:1:1: error: nonsense\n"]})"));
}

TEST_F(Calls, StatusTellsOfAProviderThatDoesNotAnswer) {
  auto* provider = daemon.status.mutable_providers(0);
  provider->mutable_circuit_open_since()->set_seconds(1767225600);
  provider->mutable_next_probe_at()->set_seconds(1767225601);
  provider->set_circuit_problem("nobody is there");
  const std::string row =
      "contoso   2     not yet  open since 2026-01-01T00:00:00Z, next probe 2026-01-01T00:00:01Z  ";
  EXPECT_THAT(Call({"status"}).out, HasSubstr(row + "nobody is there\n"));
  EXPECT_THAT(Call({"status", "-o", "json"}).out,
              HasSubstr(R"("circuit_open_since":"2026-01-01T00:00:00Z",)"
                        R"("next_probe_at":"2026-01-01T00:00:01Z",)"
                        R"("circuit_problem":"nobody is there"})"));
  provider->set_keys_problem("no keys");
  EXPECT_THAT(Call({"status"}).out,
              HasSubstr(row + "no keys\n" + std::string(row.size(), ' ') + "nobody is there\n"));
}

TEST_F(Calls, StatusSaysHowTheRecordAndTheStoreAreKept) {
  v1::AuditStatus& audit = *daemon.status.mutable_audit();
  audit.set_durability(v1::AUDIT_DURABILITY_FSYNC);
  audit.mutable_key()->set_id("0123456789abcdef");
  v1::AnchorStatus& anchor = *audit.add_anchors();
  anchor.set_kind("http");
  anchor.set_place("https://heads.example/");
  anchor.set_waiting(2);
  anchor.mutable_failing_since()->set_seconds(1767225600);
  anchor.set_problem("the server answered 401");
  v1::StoreStatus& store = *daemon.status.mutable_store();
  store.set_kind("etcd");
  store.add_places("https://etcd-1:2379");
  store.set_revision(12);
  store.mutable_replica()->set_member("etcd-1:2379");
  store.mutable_replica()->set_lease(0x7f);
  store.mutable_replica()->mutable_known_for()->set_seconds(3);
  const std::string table = Call({"status"}).out;
  EXPECT_THAT(table,
              AllOf(HasSubstr("audit durability     fsync\n"),
                    HasSubstr("audit key            0123456789abcdef\n"),
                    HasSubstr("store                etcd https://etcd-1:2379\n"),
                    HasSubstr("store revision       12\n"), HasSubstr("lease                7f\n"),
                    HasSubstr("known for            3s\n")));
  EXPECT_THAT(table, HasSubstr("http    https://heads.example/  none yet     not yet  2        "
                               "2026-01-01T00:00:00Z  the server answered 401\n"));
  EXPECT_THAT(Call({"status", "-o", "json"}).out,
              AllOf(HasSubstr(R"("audit":{"durability":"fsync","key":"0123456789abcdef",)"),
                    HasSubstr(R"("number":null,"kept_at":null,"waiting":2,"failing_since":)"
                              R"("2026-01-01T00:00:00Z","problem":"the server answered 401"})"),
                    HasSubstr(R"("replica":{"member":"etcd-1:2379","lease":"7f",)"
                              R"("known_for":"3s"})")));
}

TEST_F(Calls, TheKeyOfTheRecordIsTold) {
  v1::HeadKey& key = *daemon.status.mutable_audit()->mutable_key();
  key.set_id("0123456789abcdef");
  key.set_file("/var/lib/behalf/audit-head.pub");
  key.set_pem("-----BEGIN PUBLIC KEY-----\nAAAA\n-----END PUBLIC KEY-----\n");
  const Outcome table = Call({"audit", "key"});
  EXPECT_EQ(table.code, 0);
  EXPECT_EQ(table.out,
            "key   0123456789abcdef\nfile  /var/lib/behalf/audit-head.pub\n\n"
            "-----BEGIN PUBLIC KEY-----\nAAAA\n-----END PUBLIC KEY-----\n");
  EXPECT_THAT(Call({"audit", "key", "-o", "json"}).out,
              HasSubstr(R"("pem":"-----BEGIN PUBLIC KEY-----\nAAAA\n)"));
}

TEST_F(Calls, ADaemonThatDoesNotTellItsKeyIsSaid) {
  const Outcome outcome = Call({"audit", "key"});
  EXPECT_EQ(outcome.code, 4);
  EXPECT_THAT(outcome.err, HasSubstr("give --state-directory"));
}

TEST_F(Calls, StatusSaysWhyNothingIsWatched) {
  EXPECT_THAT(Call({"status"}).out, Not(HasSubstr("watch problem")));
  daemon.status.set_watch_problem("the kernel says no");
  const Outcome outcome = Call({"status"});
  EXPECT_EQ(outcome.code, 0);
  EXPECT_THAT(outcome.out, HasSubstr("watch problem        the kernel says no\n"));
}

TEST_F(Calls, StatusSaysWhatTheDaemonDoesWithout) {
  EXPECT_THAT(Call({"status"}).out, Not(HasSubstr("hardening")));
  EXPECT_THAT(Call({"status", "-o", "json"}).out, HasSubstr(R"("hardening_without":[])"));
  daemon.status.add_hardening_without("memory-lock");
  daemon.status.add_hardening_without("seccomp");
  EXPECT_THAT(Call({"status"}).out, HasSubstr("hardening without    memory-lock, seccomp\n"));
  EXPECT_THAT(Call({"status", "-o", "json"}).out,
              HasSubstr(R"("hardening_without":["memory-lock","seccomp"])"));
}

TEST_F(Calls, ASocketPathMayHoldWhatAUriMayNot) {
  const std::string strange = scratch.Path("a b%41?c#d.sock");
  const std::string plain = scratch.Path("aside.sock");
  FakeDaemon other(plain);
  std::filesystem::rename(plain, strange);
  EXPECT_EQ(Call({"status", "--socket", strange}).code, 0);
  EXPECT_EQ(other.calls, 1);
}

}  // namespace
}  // namespace behalf::cli
