#include "daemon/oauth/credentials_on_disk.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/stat.h>

#include <cstdlib>
#include <filesystem>
#include <fstream>

#include "absl/strings/str_cat.h"
#include "daemon/base/error.h"
#include "tests/fakes/contoso.h"
#include "tests/fakes/fake_clock.h"
#include "tests/status_matchers.h"

namespace behalf {
namespace {

class CredentialsOnDiskTest : public testing::Test {
 protected:
  CredentialsOnDiskTest() {
    std::string pattern = (std::filesystem::temp_directory_path() / "behalf-secrets-XXXXXX");
    folder_ = mkdtemp(pattern.data());
    path_ = folder_ / "secret";
    catalog_ = ContosoCatalog({{"{file: secret}", absl::StrCat("{file: ", path_.string(), "}")}});
  }
  ~CredentialsOnDiskTest() override { std::filesystem::remove_all(folder_); }

  void Write(const std::string& text, mode_t mode = 0600) {
    const std::string fresh = path_.string() + ".new";
    std::ofstream(fresh) << text;
    chmod(fresh.c_str(), mode);
    std::filesystem::rename(fresh, path_);
  }
  const Blueprint& blueprint() const { return *catalog_->blueprints().front(); }
  std::string Secret() {
    const auto made = credentials_.For(blueprint());
    return made.ok() ? std::string(made->client_secret.Reveal()) : "none";
  }

  std::filesystem::path folder_, path_;
  std::shared_ptr<const Catalog> catalog_;
  FakeClock clock_;
  CredentialsOnDisk credentials_{"", clock_};
};

TEST_F(CredentialsOnDiskTest, AReplacedFileCountsAtOnce) {
  Write("first\n");
  EXPECT_EQ(Secret(), "first");
  Write("other\n");
  EXPECT_EQ(Secret(), "other");
  EXPECT_EQ(credentials_.ProblemOf(blueprint()), "");
}

TEST_F(CredentialsOnDiskTest, ABrokenFileKeepsTheOldSecretAndSaysSo) {
  Write("first");
  EXPECT_EQ(Secret(), "first");
  const std::pair<std::function<void()>, const char*> ways[] = {
      {[&] { Write(""); }, "is empty"},
      {[&] { Write("second", 0644); }, "has mode 0644"},
      {[&] { std::filesystem::remove(path_); }, "does not exist"},
  };
  for (const auto& [harm, said] : ways) {
    harm();
    EXPECT_EQ(Secret(), "first");
    EXPECT_THAT(credentials_.ProblemOf(blueprint()), testing::HasSubstr(said));
    EXPECT_TRUE(credentials_.InHand(blueprint().credential));
  }
  Write("third");
  EXPECT_EQ(Secret(), "third");
  EXPECT_EQ(credentials_.ProblemOf(blueprint()), "");
}

TEST_F(CredentialsOnDiskTest, AnotherBasisSaysThatTheCredentialWasReplaced) {
  Write("first");
  const auto first = credentials_.BasisOf(blueprint());
  ASSERT_THAT(first, IsOk());
  EXPECT_EQ(credentials_.For(blueprint())->basis, *first);
  Write("first");
  EXPECT_EQ(*credentials_.BasisOf(blueprint()), *first);
  Write("other");
  EXPECT_NE(*credentials_.BasisOf(blueprint()), *first);
}

// Counts how often the file is read, at a time of the test's choosing.
class ReadingCredentials : public CredentialsOnDiskTest {
 protected:
  absl::Time ChangedAt() const {
    return absl::FromUnixNanos(IdentifyFile(path_.string())->changed_ns);
  }
  int ReadsOf(int uses) {
    reads_ = 0;
    for (int use = 0; use < uses; ++use) counting_.BasisOf(blueprint()).IgnoreError();
    return reads_;
  }

  int reads_ = 0;
  CredentialsOnDisk counting_{"", clock_, [this](const Credential& credential) {
                                ++reads_;
                                return ReadCredential(credential, "");
                              }};
};

TEST_F(ReadingCredentials, AFileIsReadAgainOnlyWhenItChanged) {
  Write("first");
  clock_.Set(ChangedAt() + absl::Minutes(1));
  EXPECT_EQ(ReadsOf(10), 1);
  Write("other");
  clock_.Set(ChangedAt() + absl::Minutes(1));
  EXPECT_EQ(ReadsOf(10), 1);
}

TEST_F(ReadingCredentials, AFileThatChangedJustNowMayChangeUnseenAndIsReadAgain) {
  Write("first");
  clock_.Set(ChangedAt() + absl::Seconds(1));
  EXPECT_EQ(ReadsOf(3), 3);
  clock_.Advance(absl::Seconds(5));
  EXPECT_EQ(ReadsOf(3), 1);
}

TEST_F(ReadingCredentials, AFileThatCannotBeReadIsTriedAgain) {
  Write("first");
  clock_.Set(ChangedAt() + absl::Minutes(1));
  EXPECT_EQ(ReadsOf(2), 1);
  Write("second", 0644);
  clock_.Set(ChangedAt() + absl::Minutes(1));
  EXPECT_EQ(ReadsOf(3), 3);
}

TEST_F(CredentialsOnDiskTest, WhatWasNeverGoodDisables) {
  EXPECT_THAT(credentials_.For(blueprint()), HasReason(Reason::kBlueprintDisabled));
  EXPECT_THAT(credentials_.BasisOf(blueprint()), HasReason(Reason::kBlueprintDisabled));
  EXPECT_FALSE(credentials_.InHand(blueprint().credential));
  EXPECT_EQ(credentials_.ProblemOf(blueprint()), "");
}

TEST_F(CredentialsOnDiskTest, WhatTheCatalogNoLongerNamesIsForgotten) {
  Write("first");
  credentials_.Follow(*catalog_);
  EXPECT_TRUE(credentials_.InHand(blueprint().credential));
  credentials_.Follow(*ContosoCatalog({{"{file: secret}", "{file: /nowhere/else}"}}));
  EXPECT_FALSE(credentials_.InHand(blueprint().credential));
}

}  // namespace
}  // namespace behalf
