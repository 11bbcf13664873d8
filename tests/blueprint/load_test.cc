// What a set that loads is turned into, and its digest.
#include "blueprint/load.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>

#include "tests/blueprint/documents.h"
#include "tests/blueprint/fake_accounts.h"

namespace behalf {
namespace {

using testing::ElementsAre;

std::shared_ptr<const Catalog> LoadWhole(const std::vector<SourceFile>& files) {
  LoadResult result = Load(files, FakeAccounts());
  EXPECT_NE(result.catalog, nullptr) << Told(result);
  return result.catalog;
}

std::string DigestOf(const std::vector<SourceFile>& files) {
  const auto catalog = LoadWhole(files);
  return catalog == nullptr ? "" : catalog->digest();
}

TEST(Load, BindsAProviderAndDerivesItsEndpoints) {
  const auto catalog = LoadWhole(WholeSet());
  ASSERT_EQ(catalog->providers().size(), 1U);
  const Provider& provider = *catalog->providers()[0];
  const std::string base = "https://login.microsoftonline.com/5b404cf4-a79d-4cfe-b866-24bf8e1a4921";
  EXPECT_EQ(provider.name, "contoso");
  EXPECT_EQ(provider.tenant, "5b404cf4-a79d-4cfe-b866-24bf8e1a4921");
  EXPECT_EQ(provider.metadata_url, base + "/v2.0/.well-known/openid-configuration");
  EXPECT_EQ(provider.token_endpoint, base + "/oauth2/v2.0/token");
  EXPECT_EQ(provider.issuer_v2, base + "/v2.0");
  EXPECT_EQ(provider.issuer_v1, "https://sts.windows.net/5b404cf4-a79d-4cfe-b866-24bf8e1a4921/");
  EXPECT_EQ(provider.ca_file, "");
  EXPECT_EQ(provider.digest.size(), 64U);
  EXPECT_EQ(provider.place, (Place{"etc/provider.yaml", 5, 9}));
}

TEST(Load, BindsABlueprintAndItsReferences) {
  const auto catalog = LoadWhole(WholeSet());
  ASSERT_EQ(catalog->blueprints().size(), 1U);
  const Blueprint& blueprint = *catalog->blueprints()[0];
  EXPECT_EQ(blueprint.provider, catalog->providers()[0].get());
  EXPECT_EQ(blueprint.client_id, "8f6c0b2e-0c6c-4f0e-9a51-0f8f5b8a2f11");
  EXPECT_EQ(blueprint.credential.secret.source.file, "etc/secrets/client");
  EXPECT_EQ(blueprint.credential.place.line, 10);
  EXPECT_THAT(blueprint.subjects.audiences, ElementsAre("a", "b"));
  EXPECT_THAT(blueprint.subjects.tenants, ElementsAre("5b404cf4-a79d-4cfe-b866-24bf8e1a4921"));
  EXPECT_FALSE(blueprint.subjects.guests);
  ASSERT_EQ(blueprint.agents.size(), 2U);
  EXPECT_EQ(blueprint.agents[0].blueprint, &blueprint);
  EXPECT_EQ(blueprint.agents[0].callers[0].uid, std::optional<uid_t>(1001));
  EXPECT_EQ(blueprint.agents[0].callers[1].gid, std::optional<gid_t>(2002));
  ASSERT_EQ(blueprint.allow.size(), 2U);
  EXPECT_EQ(blueprint.allow[0].tool, catalog->FindTool("mail-search"));
  EXPECT_EQ(blueprint.allow[0].api, catalog->FindApi("graph"));
  EXPECT_EQ(blueprint.allow[0].max_lifetime, absl::Minutes(90));
  EXPECT_EQ(blueprint.allow[0].reuse_for, absl::Minutes(10));
  EXPECT_EQ(blueprint.allow[1].tool, nullptr);
  EXPECT_EQ(blueprint.allow[1].max_lifetime, absl::Seconds(45));
  EXPECT_EQ(blueprint.allow[1].reuse_for, absl::ZeroDuration());
}

TEST(Load, BindsTheDaemonWithItsDefaults) {
  const auto catalog = LoadWhole(WholeSet());
  const DaemonSpec& daemon = *catalog->daemon();
  ASSERT_EQ(daemon.sockets.size(), 4U);
  EXPECT_EQ(daemon.sockets[0].mode, 0660U);
  EXPECT_EQ(daemon.sockets[0].gid, std::optional<gid_t>(2002));
  EXPECT_EQ(daemon.sockets[2].mode, 0600U);
  EXPECT_TRUE(daemon.sockets[2].isolated);
  EXPECT_EQ(daemon.sockets[3].path, "etc/tools.sock");
  EXPECT_EQ(daemon.limits.connections, 1024);
  EXPECT_EQ(daemon.limits.token_cache_bytes, 64 << 20);
  EXPECT_EQ(daemon.limits.exchange_timeout, absl::Seconds(5));
  EXPECT_EQ(daemon.audit_file, "/var/log/behalf/audit.jsonl");
  EXPECT_EQ(daemon.state_directory, "etc/state");
}

TEST(Load, NothingIsAnEmptyCatalog) {
  const LoadResult result = Load({}, FakeAccounts());
  ASSERT_NE(result.catalog, nullptr);
  EXPECT_EQ(result.catalog->daemon(), nullptr);
  EXPECT_TRUE(result.issues.empty());
}

TEST(Load, SortsTheIssuesByPlace) {
  auto files = WholeSet();
  for (SourceFile& file : files) file.text = absl::StrReplaceAll(file.text, {{"spec:", "sepc:"}});
  std::reverse(files.begin(), files.end());
  const LoadResult result = Load(files, FakeAccounts());
  EXPECT_EQ(result.catalog, nullptr);
  ASSERT_GE(result.issues.size(), 5U);
  EXPECT_TRUE(std::is_sorted(
      result.issues.begin(), result.issues.end(), [](const Issue& a, const Issue& b) {
        return std::tie(a.place.file, a.place.line) < std::tie(b.place.file, b.place.line);
      }));
}

TEST(Load, StopsTellingIssuesThatNobodyReads) {
  std::string scopes = "a";
  for (int i = 0; i < 5000; ++i) scopes += ", \"a b\"";
  auto files = WholeSet();
  files[1].text = absl::StrReplaceAll(kApiText, {{"User.Read", scopes}});
  const LoadResult result = Load(files, FakeAccounts());
  EXPECT_EQ(result.catalog, nullptr);
  EXPECT_LE(result.issues.size(), 200U);
  EXPECT_NE(result.issues.back().advice.find("more issues"), std::string::npos);
}

TEST(Digest, IsTheSameForAnyOrderOfFilesDocumentsAndKeys) {
  const std::string digest = DigestOf(WholeSet());
  auto reversed = WholeSet();
  std::reverse(reversed.begin(), reversed.end());
  EXPECT_EQ(DigestOf(reversed), digest);

  std::string one;
  for (const SourceFile& file : reversed) one += file.text.substr(0, file.text.size() - 4);
  EXPECT_EQ(DigestOf({{"etc/all.yaml", one + "...\n"}}), digest);

  auto files = WholeSet();
  files[1].text = R"(# Graph
kind: Api
spec:
  scopes: # in any order
    - Mail.Read
    - "User.Read"
  audiences: ['00000003-0000-0000-c000-000000000000', https://graph.microsoft.com]
  resource: https://graph.microsoft.com
  request: named
metadata: {name: graph}
apiVersion: behalf/v1
...
)";
  EXPECT_EQ(DigestOf(files), digest);
}

TEST(Digest, DoesNotDependOnTheHostNorOnWhereTheFilesAre) {
  const std::string digest = DigestOf(WholeSet());
  FakeAccounts elsewhere;
  for (auto& [name, uid] : elsewhere.users) uid += 100000;
  EXPECT_EQ(Load(WholeSet(), elsewhere).catalog->digest(), digest);

  auto files = WholeSet();
  for (SourceFile& file : files) file.path = "/srv/" + file.path;
  EXPECT_EQ(DigestOf(files), digest);
}

TEST(Digest, IsTheSameWhetherADefaultIsWrittenOrNot) {
  auto files = WholeSet();
  files[4].text = absl::StrReplaceAll(kDaemonText, {{"  audit:", R"(  limits:
    connections: 1024
    connectionsPerUser: 256
    waitersPerExchange: 10000
    tokenCacheBytes: 65536KiB
    subjectCacheBytes: 16777216
    handles: 100000
    exchangeTimeout: 5s
    denialsPerMinute: 600
  audit:)"}});
  EXPECT_EQ(DigestOf(files), DigestOf(WholeSet()));
}

TEST(Digest, DiffersForEveryOtherMeaning) {
  const std::pair<std::string, std::string> changes[] = {
      {"name: contoso\n", "name: fabrikam\n"},
      {"tenant: 5B", "authority: https://login.microsoftonline.us\n  tenant: 5B"},
      {"tenant: 5B", "issuerV1: https://sts.example/\n  tenant: 5B"},
      {"tenant: 5B", "proxy: http://proxy:3128\n  tenant: 5B"},
      {"tenant: 5B", "caFile: ca.pem\n  tenant: 5B"},
      {"resource: https://graph", "resource: https://Graph"},
      {"scopes: [User.Read, Mail.Read]", "scopes: [User.Read, Mail.Read, Mail.Send]"},
      {"  resource:", "  request: default\n  resource:"},
      {"  resource:", "  tokenVersion: v1\n  resource:"},
      {"  resource:", "  tokenVersion: v2\n  resource:"},
      {"user: mail-search", "user: calendar"},
      {"  callers:\n    - unix", "  separation: none\n  callers:\n    - unix"},
      {"8F6C0B2E", "8F6C0B2F"},
      {"secrets/client", "secrets/other"},
      {"{file: secrets/client}", "{systemd: secrets-client}"},
      {"[b, a]", "[b]"},
      {"    clients:", "    guests: true\n    clients:"},
      {"name: travel-bot", "name: travel-agent"},
      {"1h30m", "1h"},
      {"reuseFor: 10m", "reuseFor: 9m"},
      {"      accept: [User.Read]\n", ""},
      {"    - api: graph", "    - tool: mail-search-2\n      api: graph"},
      {"\"0660\"", "\"0666\""},
      {"isolated: true}\n  admin", "isolated: false}\n  admin"},
      {"  admin:\n    callers:\n      - unix: {socket: admin, user: root}\n", ""},
      {"  stateDirectory: state", "  limits: {handles: 5}\n  stateDirectory: state"},
      {"stateDirectory: state", "stateDirectory: states"},
      {"  name: graph\n", "  name: graph\n  labels: {team: finance}\n"},
      {"  name: graph\n", "  name: graph\n  labels: {team: sales}\n"},
      {"  name: mail-search\n", "  name: mail-search\n  labels: {team: finance}\n"},
      {"name: invoice-bot\n", "name: invoice-bot\n      labels: {team: finance}\n"},
      {"name: travel-bot\n", "name: travel-bot\n      labels: {team: finance}\n"},
  };
  std::string all;
  for (const SourceFile& file : WholeSet()) all += file.text.substr(0, file.text.size() - 4);
  all += absl::StrReplaceAll(
      kToolText, {{"mail-search", "mail-search-2"}, {"user: mail-search-2", "user: calendar"}});
  std::map<std::string, std::string> seen = {{DigestOf({{"a.yaml", all}}), "nothing"}};
  for (const auto& [from, to] : changes) {
    SCOPED_TRACE(from + " -> " + to);
    const std::size_t at = all.find(from);
    ASSERT_NE(at, std::string::npos);
    std::string changed = std::string(all).replace(at, from.size(), to);
    if (from == "name: contoso\n") {
      changed = absl::StrReplaceAll(changed, {{"provider: contoso", "provider: fabrikam"}});
    }
    const auto [other, is_new] = seen.emplace(DigestOf({{"a.yaml", changed}}), from);
    EXPECT_TRUE(is_new) << "same as after changing " << other->second;
  }
}

TEST(Digest, OfAProviderChangesWithTheProviderOnly) {
  auto files = WholeSet();
  const std::string before = LoadWhole(files)->providers()[0]->digest;
  files[3].text = absl::StrReplaceAll(kBlueprintText, {{"1h30m", "1h"}});
  EXPECT_EQ(LoadWhole(files)->providers()[0]->digest, before);
  files[0].text = absl::StrReplaceAll(kProviderText, {{"tenant:", "proxy: http://p:1\n  tenant:"}});
  EXPECT_NE(LoadWhole(files)->providers()[0]->digest, before);
}

}  // namespace
}  // namespace behalf
