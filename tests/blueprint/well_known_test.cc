// The Api documents that come with behalf, and what an Api takes from them.
#include "blueprint/well_known.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <filesystem>

#include "absl/strings/match.h"
#include "blueprint/effective.h"
#include "tests/blueprint/documents.h"
#include "tests/blueprint/fake_accounts.h"

namespace behalf {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::Not;

SourceFile ApiFile(const std::string& spec) {
  return {"etc/files.yaml", absl::StrCat("apiVersion: behalf/v1\nkind: Api\nmetadata:\n"
                                         "  name: files\nspec:\n",
                                         spec, "...\n")};
}

std::shared_ptr<const Catalog> LoadApi(const std::string& spec) {
  LoadResult result = Load({ApiFile(spec)}, FakeAccounts());
  EXPECT_NE(result.catalog, nullptr) << Told(result);
  return result.catalog;
}

std::string Effective(const std::string& spec) {
  return EffectiveYaml(EffectiveDocuments({ApiFile(spec)}));
}

// The spec of a shipped document, as an operator would copy it.
std::string SpecOf(const std::string& name) {
  const std::string& text = FindWellKnownApi(name)->file.text;
  const std::size_t begin = text.find("\nspec:\n") + 7;
  return text.substr(begin, text.rfind("...\n") - begin);
}

// "roles" for each key of the evidence that says how sure something is.
std::vector<std::string> Judged(const Evidence& evidence) {
  std::vector<std::string> keys;
  const auto add = [&](Sureness sureness, const char* key) {
    if (sureness != Sureness::kUnstated) keys.emplace_back(key);
  };
  add(evidence.resource, "resource");
  add(evidence.audiences, "audiences");
  add(evidence.scopes, "scopes");
  add(evidence.roles, "roles");
  return keys;
}

TEST(WellKnown, AllFilesAreShippedInTheOrderOfTheirNames) {
  std::vector<std::string> files, shipped;
  const std::string folder = std::string(BEHALF_SOURCE_DIR) + "/blueprint/well_known";
  for (const auto& entry : std::filesystem::directory_iterator(folder)) {
    files.push_back(entry.path().stem().string());
  }
  for (const WellKnownApi& api : WellKnownApis()) shipped.push_back(api.name);
  std::ranges::sort(files);
  EXPECT_EQ(shipped, files);
  EXPECT_EQ(FindWellKnownApi("kusto"), nullptr);
}

TEST(WellKnown, EachIsADocumentOfItsNameThatSaysHowSureItIs) {
  for (const WellKnownApi& shipped : WellKnownApis()) {
    SCOPED_TRACE(shipped.name);
    EXPECT_EQ(shipped.file.path, "wellKnown/" + shipped.name + ".yaml");
    const LoadResult result = Load({shipped.file}, FakeAccounts());
    ASSERT_NE(result.catalog, nullptr) << Told(result);
    ASSERT_EQ(result.catalog->apis().size(), 1U);
    const Api& api = *result.catalog->apis()[0];
    EXPECT_EQ(api.name, shipped.name);
    EXPECT_EQ(api.well_known, "");
    EXPECT_NE(api.evidence.as_of, "");
    EXPECT_THAT(Judged(api.evidence), ElementsAre("resource", "audiences", "scopes", "roles"));
    EXPECT_EQ(api.evidence.blocked_for_agents == Sureness::kUnstated,
              api.blocked_for_agents.empty());
    EXPECT_EQ(api.evidence.token_version == Sureness::kUnstated,
              api.token_version == TokenVersion::kEither);
    for (const char* key : {"resource", "audiences", "scopes", "roles"}) {
      EXPECT_TRUE(absl::StrContains(shipped.file.text, absl::StrCat("\n# ", key, " ")))
          << "the header does not say where this is from: " << key;
    }
  }
}

TEST(WellKnown, MeansTheSameAsWhatIsWrittenOut) {
  for (const WellKnownApi& shipped : WellKnownApis()) {
    SCOPED_TRACE(shipped.name);
    const auto named = LoadApi("  wellKnown: " + shipped.name + "\n");
    const auto written = LoadApi(SpecOf(shipped.name));
    ASSERT_NE(named, nullptr);
    ASSERT_NE(written, nullptr);
    EXPECT_EQ(named->digest(), written->digest());
    EXPECT_EQ(named->apis()[0]->resource, written->apis()[0]->resource);
    EXPECT_EQ(named->apis()[0]->scopes, written->apis()[0]->scopes);
    const std::string effective = Effective("  wellKnown: " + shipped.name + "\n");
    const LoadResult again = Load({{"etc/again.yaml", effective}}, FakeAccounts());
    ASSERT_NE(again.catalog, nullptr) << Told(again);
    EXPECT_EQ(again.catalog->digest(), named->digest());
  }
}

TEST(WellKnown, GivesWayToWhatTheDocumentSays) {
  const auto catalog = LoadApi("  wellKnown: storage\n  audiences: [mine]\n  scopes: []\n");
  ASSERT_NE(catalog, nullptr);
  const Api& api = *catalog->apis()[0];
  EXPECT_EQ(api.resource, "https://storage.azure.com");
  EXPECT_THAT(api.audiences, ElementsAre("mine"));
  EXPECT_THAT(api.scopes, ElementsAre());
  EXPECT_NE(catalog->digest(), LoadApi("  wellKnown: storage\n")->digest());
}

TEST(WellKnown, IsNotSureOfWhatTheDocumentSays) {
  const auto own = LoadApi("  wellKnown: storage\n  scopes: [a]\n");
  ASSERT_NE(own, nullptr);
  EXPECT_THAT(Judged(own->apis()[0]->evidence), ElementsAre("resource", "audiences", "roles"));
  const auto judged = LoadApi(
      "  wellKnown: storage\n  scopes: [a]\n  evidence: {scopes: observed, roles: unconfirmed}\n");
  ASSERT_NE(judged, nullptr);
  EXPECT_EQ(judged->apis()[0]->evidence.scopes, Sureness::kObserved);
  EXPECT_EQ(judged->apis()[0]->evidence.roles, Sureness::kUnconfirmed);
  EXPECT_EQ(judged->apis()[0]->evidence.resource, Sureness::kDocumented);
}

TEST(WellKnown, ShowsWhereEachValueStands) {
  const std::string text = Effective("  wellKnown: storage\n  scopes: [a]\n");
  const std::string& shipped = FindWellKnownApi("storage")->file.text;
  const auto line =
      1 +
      std::count(shipped.begin(),
                 shipped.begin() + static_cast<std::ptrdiff_t>(shipped.find("\n  resource:") + 1),
                 '\n');
  EXPECT_THAT(text, testing::ContainsRegex("wellKnown: storage +# etc/files.yaml:6\n"));
  EXPECT_THAT(text, testing::ContainsRegex("scopes: \\[a\\] +# etc/files.yaml:7\n"));
  EXPECT_THAT(text, testing::ContainsRegex(absl::StrCat(
                        "resource: https://storage.azure.com +# wellKnown/storage.yaml:", line)));
  EXPECT_THAT(text, Not(HasSubstr("scopes: documented")));
}

}  // namespace
}  // namespace behalf
