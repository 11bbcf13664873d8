// Which files are read, and this host's accounts.
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <unistd.h>

#include <filesystem>
#include <fstream>
#include <string>

#include "blueprint/load.h"

namespace behalf {
namespace {

namespace fs = std::filesystem;
using testing::ElementsAre;
using testing::HasSubstr;

class Sources : public testing::Test {
 protected:
  Sources() {
    std::string pattern = (fs::temp_directory_path() / "behalf-sources-XXXXXX").string();
    root_ = mkdtemp(pattern.data());
  }
  ~Sources() override { fs::remove_all(root_); }

  void Write(const std::string& name, const std::string& text) const {
    fs::create_directories((root_ / name).parent_path());
    std::ofstream(root_ / name) << text;
  }

  std::vector<std::string> Read() const {
    const auto files = ReadSources(root_.string());
    EXPECT_TRUE(files.ok()) << files.status();
    std::vector<std::string> names;
    for (const SourceFile& file : *files) {
      names.push_back(fs::path(file.path).lexically_relative(root_).string() + "=" + file.text);
    }
    return names;
  }

  std::string WhyNot(const fs::path& path) const {
    return std::string(ReadSources(path.string()).status().message());
  }

  fs::path root_;
};

TEST_F(Sources, AreTheYamlFilesBelowADirectoryInByteOrder) {
  Write("b.yaml", "1");
  Write("a/z.yaml", "2");
  Write("B.yaml", "3");
  Write("notes.md", "4");
  Write("c.yml", "5");
  Write(".hidden.yaml", "6");
  Write(".git/x.yaml", "7");
  EXPECT_THAT(Read(), ElementsAre("B.yaml=3", "a/z.yaml=2", "b.yaml=1"));
}

// As Kubernetes mounts a ConfigMap.
TEST_F(Sources, FollowLinksToFiles) {
  Write("..data/a.yaml", "1");
  fs::create_symlink("..data/a.yaml", root_ / "a.yaml");
  EXPECT_THAT(Read(), ElementsAre("a.yaml=1"));
}

TEST_F(Sources, MayBeOneFileOfAnyName) {
  Write("x.txt", "1");
  const auto files = ReadSources((root_ / "x.txt").string());
  ASSERT_TRUE(files.ok()) << files.status();
  ASSERT_EQ(files->size(), 1U);
  EXPECT_EQ((*files)[0].text, "1");
}

TEST_F(Sources, FailWhereSomethingCannotBeRead) {
  EXPECT_THAT(WhyNot(root_ / "missing"), HasSubstr("no regular file"));
  EXPECT_THAT(WhyNot(root_), HasSubstr("holds no *.yaml file"));
  Write("a.yaml", "1");
  fs::create_symlink("missing", root_ / "b.yaml");
  EXPECT_THAT(WhyNot(root_), HasSubstr("b.yaml: this is no regular file"));
}

TEST_F(Sources, FailWhereAFileIsTooLarge) {
  Write("a.yaml", std::string((1 << 20) + 1, ' '));
  EXPECT_THAT(WhyNot(root_), HasSubstr("larger than 1 MB"));
}

TEST(SystemAccountsTest, KnowRootAndNotEverybody) {
  const auto accounts = SystemAccounts();
  EXPECT_EQ(accounts->Uid("root"), std::optional<uid_t>(0));
  EXPECT_EQ(accounts->Gid("root"), std::optional<gid_t>(0));
  EXPECT_THAT(accounts->GroupsOf(0), testing::Contains(0U));
  EXPECT_EQ(accounts->Uid("no such user"), std::nullopt);
  EXPECT_EQ(accounts->Gid("no such group"), std::nullopt);
  EXPECT_EQ(accounts->GroupsOf(4000000000U), std::vector<gid_t>{});
  EXPECT_GT(accounts->OverflowUid(), 0U);
}

}  // namespace
}  // namespace behalf
