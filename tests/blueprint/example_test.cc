// The shipped examples load; cut short anywhere they do not.
#include <gtest/gtest.h>

#include <filesystem>
#include <set>
#include <string>
#include <vector>

#include "blueprint/load.h"
#include "tests/blueprint/fake_accounts.h"

namespace behalf {
namespace {

const std::string kExamples = std::string(BEHALF_SOURCE_DIR) + "/deploy/examples";

std::string Told(const LoadResult& result) {
  std::string told;
  for (const Issue& issue : result.issues) told += Render(issue);
  return told;
}

// The folders that hold documents; others hold programs.
std::vector<std::string> ExampleSets() {
  std::set<std::string> sets;
  for (const auto& entry : std::filesystem::recursive_directory_iterator(kExamples)) {
    if (entry.path().extension() == ".yaml") sets.insert(entry.path().parent_path().string());
  }
  return {sets.begin(), sets.end()};
}

TEST(Examples, EverySetLoadsWithoutAnIssue) {
  FakeAccounts accounts;
  for (const std::string& set : ExampleSets()) {
    SCOPED_TRACE(set);
    const auto files = ReadSources(set);
    ASSERT_TRUE(files.ok()) << files.status();
    const LoadResult result = Load(*files, accounts);
    EXPECT_NE(result.catalog, nullptr);
    EXPECT_EQ(Told(result), "");
  }
}

// One file alone misses the documents that it names, so a cut file is judged
// by what is left of it: its error must be one of its own syntax.
void TryEachPrefix(std::vector<SourceFile> set, std::size_t cut) {
  FakeAccounts accounts;
  const std::string whole = set[cut].text;
  ASSERT_TRUE(whole.ends_with("\n...\n"));
  for (std::size_t size = 0; size + 1 < whole.size(); ++size) {
    set[cut].text = whole.substr(0, size);
    const LoadResult alone = Load({set[cut]}, accounts);
    ASSERT_EQ(alone.catalog, nullptr) << "cut to " << size << " bytes";
    ASSERT_EQ(alone.issues.size(), 1U) << Told(alone);
    if (whole[size] != '\n') continue;
    ASSERT_EQ(Load(set, accounts).catalog, nullptr) << "cut to " << size << " bytes";
  }
}

TEST(Examples, NoProperPrefixOfAFileLoads) {
  std::size_t tried = 0;
  for (const std::string& set : ExampleSets()) {
    const auto files = ReadSources(set);
    ASSERT_TRUE(files.ok()) << files.status();
    for (std::size_t cut = 0; cut < files->size(); ++cut, ++tried) {
      SCOPED_TRACE((*files)[cut].path);
      TryEachPrefix(*files, cut);
    }
  }
  EXPECT_GE(tried, 5U);
}

TEST(Examples, LosingTheFinalNewlineChangesNothing) {
  FakeAccounts accounts;
  for (const std::string& set : ExampleSets()) {
    auto files = ReadSources(set);
    ASSERT_TRUE(files.ok()) << files.status();
    const LoadResult whole = Load(*files, accounts);
    for (SourceFile& file : *files) file.text.pop_back();
    const LoadResult less = Load(*files, accounts);
    ASSERT_NE(less.catalog, nullptr) << Told(less);
    EXPECT_EQ(less.catalog->digest(), whole.catalog->digest());
  }
}

}  // namespace
}  // namespace behalf
