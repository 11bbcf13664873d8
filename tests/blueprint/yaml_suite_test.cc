// Public YAML vectors (yaml-test-suite). None is a blueprint, so the loader
// refuses every one with a place; and our reader refuses what is no YAML, but
// for a known few.
#include <gtest/gtest.h>

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <set>
#include <string>
#include <variant>
#include <vector>

#include "blueprint/load.h"
#include "blueprint/yaml_reader.h"
#include "tests/blueprint/documents.h"
#include "tests/blueprint/fake_accounts.h"

namespace behalf {
namespace {

namespace fs = std::filesystem;

class YamlSuite : public testing::Test {
 protected:
  void SetUp() override {
    const char* vectors = std::getenv("BEHALF_VECTORS");
    root_ =
        vectors != nullptr ? fs::path(vectors) : fs::path(BEHALF_SOURCE_DIR) / "../shared/vectors";
    if (!fs::exists(root_ / "yaml")) GTEST_SKIP() << "no vectors at " << root_;
  }

  std::vector<SourceFile> Files(const std::string& folder) const {
    std::vector<SourceFile> files;
    for (const auto& entry : fs::directory_iterator(root_ / "yaml" / folder)) {
      std::ifstream in(entry.path(), std::ios::binary);
      files.push_back({entry.path().filename().string(),
                       {std::istreambuf_iterator<char>(in), std::istreambuf_iterator<char>()}});
    }
    return files;
  }

  fs::path root_;
};

void ExpectRefusedWithAPlace(const SourceFile& file) {
  SCOPED_TRACE(file.path);
  const LoadResult result = Load({file}, FakeAccounts());
  EXPECT_EQ(result.catalog, nullptr);
  ASSERT_FALSE(result.issues.empty());
  EXPECT_GE(result.issues[0].place.line, 1);
  EXPECT_GE(result.issues[0].place.column, 1);
  EXPECT_EQ(result.issues[0].place.file, file.path);
}

TEST_F(YamlSuite, NoVectorIsABlueprint) {
  std::size_t count = 0;
  for (const std::string folder : {"valid", "invalid"}) {
    for (SourceFile file : Files(folder)) {
      ++count;
      ExpectRefusedWithAPlace(file);
      file.text += file.text.ends_with('\n') ? "...\n" : "\n...\n";
      ExpectRefusedWithAPlace(file);
    }
  }
  EXPECT_GE(count, 402U);
}

// With the end mark added, so that nothing but the YAML itself is judged.
TEST_F(YamlSuite, OnlyCosmeticFaultsOfInvalidVectorsPassTheReader) {
  std::set<std::string> accepted;
  for (const SourceFile& file : Files("invalid")) {
    const std::string end = file.text.ends_with('\n') ? "...\n" : "\n...\n";
    const auto read = loader::ReadYaml(file.text + end);
    if (std::holds_alternative<std::vector<loader::Node>>(read)) accepted.insert(file.path);
  }
  const std::set<std::string> known = {
      "9C9N.yaml", "QB6E.yaml",  // indentation inside a flow list or a quoted text
      "9JBA.yaml", "CVW2.yaml", "SU5Z.yaml", "X4QW.yaml",  // no blank before a comment
      "G5U8.yaml", "YJV2.yaml",                            // [-]
      "S98Z.yaml",  // deeper blank lines in front of a block text
  };
  EXPECT_EQ(accepted, known);
}

}  // namespace
}  // namespace behalf
