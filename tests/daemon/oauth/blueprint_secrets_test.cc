#include "daemon/oauth/blueprint_secrets.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/stat.h>

#include <cstdlib>
#include <filesystem>
#include <fstream>

#include "absl/strings/str_cat.h"
#include "daemon/base/error.h"
#include "tests/fakes/contoso.h"
#include "tests/status_matchers.h"

namespace behalf {
namespace {

class BlueprintSecretsTest : public testing::Test {
 protected:
  BlueprintSecretsTest() {
    std::string pattern = (std::filesystem::temp_directory_path() / "behalf-secrets-XXXXXX");
    folder_ = mkdtemp(pattern.data());
    path_ = folder_ / "secret";
    catalog_ = ContosoCatalog({{"{file: secret}", absl::StrCat("{file: ", path_.string(), "}")}});
  }
  ~BlueprintSecretsTest() override { std::filesystem::remove_all(folder_); }

  void Write(const std::string& text, mode_t mode = 0600) {
    const std::string fresh = path_.string() + ".new";
    std::ofstream(fresh) << text;
    chmod(fresh.c_str(), mode);
    std::filesystem::rename(fresh, path_);
  }
  const Blueprint& blueprint() const { return *catalog_->blueprints().front(); }
  std::string Secret() {
    const auto secret = secrets_.SecretOf(blueprint());
    return secret.ok() ? std::string(secret->Reveal()) : "none";
  }

  std::filesystem::path folder_, path_;
  std::shared_ptr<const Catalog> catalog_;
  SecretsOnDisk secrets_{""};
};

TEST_F(BlueprintSecretsTest, AReplacedFileCountsAtOnce) {
  Write("first\n");
  EXPECT_EQ(Secret(), "first");
  Write("other\n");
  EXPECT_EQ(Secret(), "other");
  EXPECT_EQ(secrets_.ProblemOf(blueprint()), "");
}

TEST_F(BlueprintSecretsTest, ABrokenFileKeepsTheOldSecretAndSaysSo) {
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
    EXPECT_THAT(secrets_.ProblemOf(blueprint()), testing::HasSubstr(said));
    EXPECT_TRUE(secrets_.InHand(blueprint().secret));
  }
  Write("third");
  EXPECT_EQ(Secret(), "third");
  EXPECT_EQ(secrets_.ProblemOf(blueprint()), "");
}

TEST_F(BlueprintSecretsTest, WhatWasNeverGoodDisables) {
  const auto secret = secrets_.SecretOf(blueprint());
  EXPECT_THAT(secret, HasReason(Reason::kBlueprintDisabled));
  EXPECT_FALSE(secrets_.InHand(blueprint().secret));
  EXPECT_EQ(secrets_.ProblemOf(blueprint()), "");
}

TEST_F(BlueprintSecretsTest, WhatTheCatalogNoLongerNamesIsForgotten) {
  Write("first");
  secrets_.Follow(*catalog_);
  EXPECT_TRUE(secrets_.InHand(blueprint().secret));
  secrets_.Follow(*ContosoCatalog({{"{file: secret}", "{file: /nowhere/else}"}}));
  EXPECT_FALSE(secrets_.InHand(blueprint().secret));
}

}  // namespace
}  // namespace behalf
