// golden/NAME.yaml and what is said about it, golden/NAME.expected, carets
// included. BEHALF_UPDATE_GOLDEN=1 writes the expected files anew.
//
// A NAME of several files is a directory of them. A document may begin with
// lines `# host: PATH MODE TEXT`: files that the host has, and CheckHost then
// adds what it finds on 2026-11-22.
#include <gtest/gtest.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <map>
#include <set>
#include <sstream>
#include <string>
#include <vector>

#include "blueprint/load.h"
#include "tests/blueprint/fake_accounts.h"

namespace behalf {
namespace {

namespace fs = std::filesystem;

const fs::path kGolden = fs::path(BEHALF_SOURCE_DIR) / "tests/blueprint/golden";

std::string ReadAll(const fs::path& path) {
  std::ifstream in(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(in), std::istreambuf_iterator<char>()};
}

const absl::Time kToday = absl::FromCivil(absl::CivilDay(2026, 11, 22), absl::UTCTimeZone());

// A directory to be in, so that relative names in documents lead to its files.
class ScratchDirectory {
 public:
  ScratchDirectory() : before_(fs::current_path()) {
    std::string pattern = (fs::temp_directory_path() / "behalf-golden-XXXXXX").string();
    path_ = mkdtemp(pattern.data());
    fs::current_path(path_);
  }
  ~ScratchDirectory() {
    fs::current_path(before_);
    fs::remove_all(path_);
  }

 private:
  fs::path before_, path_;
};

// Makes the files of the `# host:` lines; false when there are none.
bool PrepareHost(const std::string& text) {
  bool any = false;
  std::istringstream lines(text);
  for (std::string line; std::getline(lines, line);) {
    constexpr std::string_view kPrefix = "# host: ";
    if (!line.starts_with(kPrefix)) continue;
    std::istringstream words(line.substr(kPrefix.size()));
    std::string path, mode, content;
    words >> path >> mode >> content;
    any = true;
    if (mode.empty()) continue;
    std::ofstream(path) << content;
    chmod(path.c_str(), static_cast<mode_t>(std::stoul(mode, nullptr, 8)));
  }
  return any;
}

std::vector<SourceFile> FilesOf(const std::string& name) {
  const fs::path path = kGolden / name;
  if (!fs::is_directory(path)) return {{name + ".yaml", ReadAll(path.string() + ".yaml")}};
  std::vector<SourceFile> files;
  for (const auto& entry : fs::recursive_directory_iterator(path)) {
    if (!entry.is_regular_file()) continue;
    files.push_back({fs::relative(entry.path(), kGolden).string(), ReadAll(entry.path())});
  }
  std::sort(files.begin(), files.end(), [](auto& a, auto& b) { return a.path < b.path; });
  return files;
}

std::string WhatIsSaid(const std::string& name) {
  const ScratchDirectory scratch;
  const std::vector<SourceFile> files = FilesOf(name);
  const LoadResult result = Load(files, FakeAccounts());
  std::string said = result.catalog == nullptr ? "does not load\n" : "loads\n";
  for (const Issue& issue : result.issues) said += "\n" + Render(issue);
  if (result.catalog == nullptr || !PrepareHost(files.front().text)) return said;
  for (const Issue& issue :
       CheckHost(*result.catalog, {.credentials_directory = "", .now = kToday})) {
    said += "\n" + Render(issue) + "disables: " + issue.blueprint + "\n";
  }
  return said;
}

std::vector<std::string> Names() {
  std::vector<std::string> names;
  for (const auto& entry : fs::directory_iterator(kGolden)) {
    const fs::path& path = entry.path();
    if (entry.is_directory() || path.extension() == ".yaml") names.push_back(path.stem().string());
  }
  std::sort(names.begin(), names.end());
  return names;
}

class Golden : public testing::TestWithParam<std::string> {};

TEST_P(Golden, SaysWhatIsExpected) {
  const fs::path expected = kGolden / (GetParam() + ".expected");
  const std::string said = WhatIsSaid(GetParam());
  if (std::getenv("BEHALF_UPDATE_GOLDEN") != nullptr) std::ofstream(expected) << said;
  EXPECT_EQ(said, ReadAll(expected));
}

INSTANTIATE_TEST_SUITE_P(All, Golden, testing::ValuesIn(Names()),
                         [](const auto& test) { return test.param; });

// The kind of the document that a line belongs to; empty where it has none.
std::string KindAt(const std::string& text, int at) {
  std::istringstream lines(text);
  std::string kind;
  int number = 0;
  for (std::string line; std::getline(lines, line);) {
    ++number;
    if (line == "---" && number > at) break;
    if (line == "---") kind.clear();
    if (line.starts_with("kind: ")) kind = line.substr(6);
  }
  return kind;
}

TEST(GoldenFiles, BreakEveryKindInManyWays) {
  int broken = 0;
  std::map<std::string, std::set<std::string>> by_kind;
  for (const std::string& name : Names()) {
    const std::vector<SourceFile> files = FilesOf(name);
    const LoadResult result = Load(files, FakeAccounts());
    if (result.catalog == nullptr) ++broken;
    for (const Issue& issue : result.issues) {
      const auto file = std::ranges::find(files, issue.place.file, &SourceFile::path);
      ASSERT_NE(file, files.end()) << issue.place.file;
      if (issue.kind != Issue::Kind::kDocument) continue;
      by_kind[KindAt(file->text, issue.place.line)].insert(name);
    }
  }
  EXPECT_GE(broken, 120);
  for (const std::string kind : {"Api", "Blueprint", "Daemon", "Policy", "Provider", "Tool"}) {
    EXPECT_GE(by_kind[kind].size(), 5U) << kind;
  }
}

TEST(GoldenFiles, NoneIsLeftOver) {
  for (const auto& entry : fs::directory_iterator(kGolden)) {
    if (entry.path().extension() != ".expected") continue;
    const std::string name = entry.path().stem().string();
    EXPECT_TRUE(fs::exists(kGolden / name) || fs::exists(kGolden / (name + ".yaml"))) << name;
  }
}

}  // namespace
}  // namespace behalf
