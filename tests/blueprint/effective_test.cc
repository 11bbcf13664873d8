// The documents as they are in force.
#include "blueprint/effective.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "absl/strings/match.h"
#include "absl/strings/str_split.h"
#include "tests/blueprint/documents.h"
#include "tests/blueprint/fake_accounts.h"

namespace behalf {
namespace {

using testing::HasSubstr;
using testing::Not;

std::vector<SourceFile> Examples() {
  const auto files = ReadSources(std::string(BEHALF_SOURCE_DIR) + "/deploy/examples/contoso");
  EXPECT_TRUE(files.ok()) << files.status();
  return files.ok() ? *files : std::vector<SourceFile>{};
}

// In the directory of the files, as file names are relative to it.
void ExpectSameMeaning(const std::vector<SourceFile>& files) {
  const LoadResult before = Load(files, FakeAccounts());
  ASSERT_NE(before.catalog, nullptr) << Told(before);
  const std::string& first = files.front().path;
  const std::string path = first.substr(0, first.rfind('/') + 1) + "all.yaml";
  const std::string text = EffectiveYaml(EffectiveDocuments(files));
  const LoadResult after = Load({{path, text}}, FakeAccounts());
  ASSERT_NE(after.catalog, nullptr) << Told(after) << text;
  EXPECT_EQ(after.catalog->digest(), before.catalog->digest()) << text;
}

// The one line that holds `code`, from there on.
std::string LineWith(const std::string& text, const std::string& code) {
  std::string found;
  for (const absl::string_view line : absl::StrSplit(text, '\n')) {
    if (!absl::StrContains(line, code)) continue;
    EXPECT_EQ(found, "") << "a second line holds " << code;
    found = std::string(line);
  }
  return found;
}

TEST(Effective, MeansTheSameAsTheDocuments) {
  ExpectSameMeaning(Examples());
  ExpectSameMeaning(WholeSet());
}

TEST(Effective, MeansTheSameForAwkwardTexts) {
  for (const std::string text :
       {"\"yes\"", "\"12\"", "\"a: b # c\"", "'it''s'", "a, b", "\"[x]\"", "\"- x\"", "\"\\\\\""}) {
    SCOPED_TRACE(text);
    auto files = WholeSet();
    files.push_back(
        {"etc/policy.yaml",
         absl::StrCat("apiVersion: behalf/v1\nkind: Policy\nmetadata: {name: p}\nspec:\n"
                      "  rules:\n    - name: r\n      because: ",
                      text,
                      "\n      when:\n        purpose:\n          any:\n"
                      "            - ",
                      text, "\n      then: {warn: true}\n...\n")});
    ExpectSameMeaning(files);
  }
}

TEST(Effective, SaysWhereEachValueStands) {
  auto files = WholeSet();
  files[3].text = absl::StrReplaceAll(
      kBlueprintText,
      {{"  agents:\n", "  defaults: {reuseFor: 30s, labels: {team: finance}}\n  agents:\n"},
       {"    - name: invoice-bot\n", "    - name: invoice-bot\n      labels: {tier: \"1\"}\n"}});
  const std::string text = EffectiveYaml(EffectiveDocuments(files));
  EXPECT_THAT(text, Not(HasSubstr("defaults:")));
  EXPECT_THAT(LineWith(text, "maxLifetime: 45s"), HasSubstr("  # etc/blueprint.yaml:37"));
  EXPECT_THAT(LineWith(text, "reuseFor: 30s"), HasSubstr("  # etc/blueprint.yaml:16"));
  EXPECT_THAT(LineWith(text, "tier: \"1\""), HasSubstr("  # etc/blueprint.yaml:19"));
  EXPECT_THAT(LineWith(text, "separation: required"), HasSubstr("  # default"));
  EXPECT_THAT(LineWith(text, "connectionsPerUser: 256"), HasSubstr("  # default"));
  EXPECT_THAT(LineWith(text, "- name: travel-bot"), HasSubstr("  # etc/blueprint.yaml:24"));
}

TEST(Effective, ListsDocumentsByKindAndNameWhateverTheFiles) {
  auto files = WholeSet();
  const std::string text = EffectiveYaml(EffectiveDocuments(files));
  std::reverse(files.begin(), files.end());
  EXPECT_EQ(EffectiveYaml(EffectiveDocuments(files)), text);
  EXPECT_LT(text.find("kind: Daemon"), text.find("kind: Provider"));
  EXPECT_LT(text.find("kind: Tool"), text.find("kind: Blueprint"));
}

}  // namespace
}  // namespace behalf
