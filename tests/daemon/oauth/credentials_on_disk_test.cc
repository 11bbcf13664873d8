#include "daemon/oauth/credentials_on_disk.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/stat.h>

#include <cstdlib>
#include <filesystem>
#include <fstream>

#include "absl/strings/str_cat.h"
#include "daemon/base/error.h"
#include "daemon/jose/jws.h"
#include "tests/fakes/contoso.h"
#include "tests/fakes/fake_clock.h"
#include "tests/fakes/test_keys.h"
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
  EXPECT_THAT(credentials_.StateOf(blueprint()).problems, testing::IsEmpty());
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
    EXPECT_THAT(credentials_.StateOf(blueprint()).problems,
                testing::ElementsAre(testing::HasSubstr(said)));
    EXPECT_TRUE(credentials_.InHand(blueprint().credential).has_value());
  }
  Write("third");
  EXPECT_EQ(Secret(), "third");
  EXPECT_THAT(credentials_.StateOf(blueprint()).problems, testing::IsEmpty());
}

TEST_F(CredentialsOnDiskTest, TheLogIsToldOfEachChangeOnce) {
  const auto log_of = [&](const std::string& text, mode_t mode) {
    testing::internal::CaptureStdout();
    Write(text, mode);
    for (int use = 0; use < 3; ++use) Secret();
    return testing::internal::GetCapturedStdout();
  };
  const auto once = [](const std::string& log, const std::string& text) {
    const std::size_t first = log.find(text);
    return first != std::string::npos && log.find("blueprint", first) == std::string::npos;
  };
  EXPECT_EQ(log_of("first", 0600), "");
  for (int round = 0; round < 2; ++round) {
    EXPECT_TRUE(once(log_of("second", 0644), "goes on with its old credential"));
    EXPECT_TRUE(once(log_of("third", 0600), "uses its new credential"));
  }
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
    return absl::FromUnixNanos(IdentifyFile(path_.string(), SecretFileKind::kFile)->changed_ns);
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
  EXPECT_FALSE(credentials_.InHand(blueprint().credential).has_value());
  EXPECT_THAT(credentials_.StateOf(blueprint()).problems, testing::IsEmpty());
}

TEST_F(CredentialsOnDiskTest, WhatTheCatalogNoLongerNamesIsForgotten) {
  Write("first");
  credentials_.Follow(*catalog_);
  EXPECT_TRUE(credentials_.InHand(blueprint().credential).has_value());
  credentials_.Follow(*ContosoCatalog({{"{file: secret}", "{file: /nowhere/else}"}}));
  EXPECT_FALSE(credentials_.InHand(blueprint().credential).has_value());
}

// Credentials other than a secret in a file.
class CredentialKinds : public CredentialsOnDiskTest {
 protected:
  void Declare(const std::string& credential) {
    catalog_ = ContosoCatalog({{"secret: {file: secret}", credential}});
  }
  std::string At(const std::string& name) const { return (folder_ / name).string(); }
  void Put(const std::string& name, const std::string& text, mode_t mode = 0600) const {
    std::ofstream(At(name), std::ios::binary) << text;
    chmod(At(name).c_str(), mode);
  }
  absl::StatusOr<ClientAuthentication> Made() { return credentials_.For(blueprint()); }

  const TestKey& key_ = TestKey::Rsa2048();
  const absl::Time from_ = clock_.Now() - absl::Hours(24);
  const absl::Time until_ = clock_.Now() + absl::Hours(24 * 365);
};

TEST_F(CredentialKinds, ACertificateMakesAnAssertion) {
  Declare(absl::StrCat("certificate: {file: ", At("cert.pem"), ", key: ", At("cert.key"), "}"));
  Put("cert.pem", key_.SelfSigned(from_, until_).pem, 0644);
  Put("cert.key", key_.PrivatePem());
  const auto made = Made();
  ASSERT_THAT(made, IsOk());
  EXPECT_TRUE(made->client_secret.empty());
  EXPECT_THAT(CompactJws::Parse(made->client_assertion.Reveal()), IsOk());
  EXPECT_EQ(credentials_.StateOf(blueprint()).expires_at, until_);
}

TEST_F(CredentialKinds, AKeyThatOthersMayReadIsRefused) {
  Declare(absl::StrCat("certificate: {file: ", At("cert.pem"), "}"));
  Put("cert.pem", key_.SelfSigned(from_, until_).pem + key_.PrivatePem(), 0644);
  EXPECT_THAT(Made(), HasReason(Reason::kBlueprintDisabled));
  chmod(At("cert.pem").c_str(), 0600);
  EXPECT_THAT(Made(), IsOk());
}

TEST_F(CredentialKinds, Pkcs12IsReadWithItsPassword) {
  Declare(absl::StrCat("certificate: {pkcs12: ", At("both.p12"),
                       ", password: {file: ", At("password"), "}}"));
  Put("password", "s3cret\n");
  Put("both.p12", key_.Pkcs12(from_, until_, "s3cret"));
  EXPECT_THAT(Made(), IsOk());
}

TEST_F(CredentialKinds, ARenewedCertificateCountsFromTheNextUse) {
  Declare(absl::StrCat("certificate: {file: ", At("cert.pem"), "}"));
  Put("cert.pem", key_.SelfSigned(from_, until_).pem + key_.PrivatePem());
  const std::string before = *credentials_.BasisOf(blueprint());
  EXPECT_EQ(*credentials_.BasisOf(blueprint()), before);
  Put("cert.pem", key_.SelfSigned(from_, until_ + absl::Hours(1)).pem + key_.PrivatePem());
  EXPECT_NE(*credentials_.BasisOf(blueprint()), before);
}

TEST_F(CredentialKinds, AnExpiredCertificateIsNone) {
  Declare(absl::StrCat("certificate: {file: ", At("cert.pem"), "}"));
  Put("cert.pem", key_.SelfSigned(from_, until_).pem + key_.PrivatePem());
  EXPECT_THAT(Made(), IsOk());
  clock_.Set(until_);
  EXPECT_THAT(Made(), HasReason(Reason::kBlueprintDisabled));
  EXPECT_THAT(credentials_.BasisOf(blueprint()), HasReason(Reason::kBlueprintDisabled));
  clock_.Set(from_ - absl::Seconds(1));
  EXPECT_THAT(Made(), HasReason(Reason::kBlueprintDisabled));
}

TEST_F(CredentialKinds, ASecretIsGoodUntilTheDocumentSaysOtherwise) {
  Declare(absl::StrCat("secret: {file: ", path_.string(), ", expiresAt: 2027-01-31T00:00:00Z}"));
  Write("first");
  const absl::Time expiry = absl::FromCivil(absl::CivilDay(2027, 1, 31), absl::UTCTimeZone());
  EXPECT_EQ(credentials_.StateOf(blueprint()).expires_at, expiry);
  clock_.Set(expiry - absl::Seconds(1));
  EXPECT_EQ(Secret(), "first");
  clock_.Set(expiry);
  EXPECT_EQ(Secret(), "none");
}

TEST_F(CredentialKinds, AnExpiryIsWarnedAboutThirtyDaysAhead) {
  Declare(absl::StrCat("secret: {file: ", path_.string(), ", expiresAt: 2027-01-31T00:00:00Z}"));
  Write("first");
  const absl::Time expiry = absl::FromCivil(absl::CivilDay(2027, 1, 31), absl::UTCTimeZone());
  clock_.Set(expiry - absl::Hours(30 * 24) - absl::Seconds(1));
  EXPECT_THAT(credentials_.StateOf(blueprint()).problems, testing::IsEmpty());
  clock_.Advance(absl::Seconds(1));
  EXPECT_THAT(credentials_.StateOf(blueprint()).problems,
              testing::ElementsAre(testing::HasSubstr("expires at 2027-01-31T00:00:00Z")));
  clock_.Set(expiry);  // what is over is a fault, and no warning
  EXPECT_THAT(credentials_.StateOf(blueprint()).problems, testing::IsEmpty());
}

TEST_F(CredentialKinds, TheLogIsToldOnceADay) {
  Declare(absl::StrCat("secret: {file: ", path_.string(), ", expiresAt: 2027-01-31T00:00:00Z}"));
  Write("first");
  clock_.Set(absl::FromCivil(absl::CivilDay(2027, 1, 20), absl::UTCTimeZone()));
  const auto follow = [&] {
    testing::internal::CaptureStdout();
    for (int i = 0; i < 3; ++i) credentials_.Follow(*catalog_);
    const std::string log = testing::internal::GetCapturedStdout();
    std::size_t lines = 0;
    for (std::size_t at = log.find("expires at"); at != std::string::npos;
         at = log.find("expires at", at + 1)) {
      ++lines;
    }
    return lines;
  };
  EXPECT_EQ(follow(), 1U);
  clock_.Advance(absl::Hours(23));
  EXPECT_EQ(follow(), 0U);
  clock_.Advance(absl::Hours(1));
  EXPECT_EQ(follow(), 1U);
}

// A volume as Kubernetes makes one and swaps its contents.
class MountedCredentials : public CredentialKinds {
 protected:
  void Publish(const std::string& version, const std::string& text, mode_t mode = 0644) {
    std::filesystem::create_directory(folder_ / version);
    Put(version + "/token", text, mode);
    Swap(version);
  }
  void Swap(const std::string& version) {
    std::filesystem::create_directory_symlink(version, folder_ / "..data_tmp");
    std::filesystem::rename(folder_ / "..data_tmp", folder_ / "..data");
  }
  void Mount(const std::string& text) {
    Publish("..1", text);
    std::filesystem::create_symlink("..data/token", folder_ / "token");
    const auto written = IdentifyFile(At("token"), SecretFileKind::kProjected);
    clock_.Set(absl::FromUnixNanos(written->changed_ns) + absl::Hours(1));
  }
};

TEST_F(MountedCredentials, AFederatedTokenIsPassedOnAndFollowsTheSwap) {
  Mount("a.b.first");
  Declare(absl::StrCat("federatedToken: {file: ", At("token"), "}"));
  EXPECT_EQ(Made()->client_assertion.Reveal(), "a.b.first");
  Publish("..2", "a.b.other");
  EXPECT_EQ(Made()->client_assertion.Reveal(), "a.b.other");
  EXPECT_TRUE(Made()->client_secret.empty());

  // The same file as before a broken one is good again.
  Publish("..3", "no token");
  EXPECT_EQ(Made()->client_assertion.Reveal(), "a.b.other");
  EXPECT_EQ(credentials_.StateOf(blueprint()).problems.size(), 1);
  Swap("..2");
  EXPECT_THAT(credentials_.StateOf(blueprint()).problems, testing::IsEmpty());
}

TEST_F(MountedCredentials, ASecretSaysThatItIsMounted) {
  Mount("first");
  const std::string secret = absl::StrCat("secret: {file: ", At("token"), "}");
  Declare(secret);
  EXPECT_THAT(Made(), HasReason(Reason::kBlueprintDisabled));
  Declare(absl::StrCat("mounted: true\n    ", secret));
  EXPECT_EQ(Made()->client_secret.Reveal(), "first");
  Publish("..2", "other");
  EXPECT_EQ(Made()->client_secret.Reveal(), "other");
}

TEST_F(MountedCredentials, OthersMayReadItAndNotWriteIt) {
  Mount("first");
  Declare(absl::StrCat("mounted: true\n    secret: {file: ", At("token"), "}"));
  EXPECT_EQ(Made()->client_secret.Reveal(), "first");
  Publish("..2", "other", 0664);
  EXPECT_EQ(Made()->client_secret.Reveal(), "first");
  EXPECT_THAT(credentials_.StateOf(blueprint()).problems,
              testing::ElementsAre(testing::HasSubstr("has mode 0664")));
}

TEST_F(CredentialKinds, WhatIsNoJwtIsNoFederatedToken) {
  Declare(absl::StrCat("federatedToken: {file: ", path_.string(), "}"));
  for (const char* text : {"secret", "a.b", "a.b.c.d", "a.b.c d"}) {
    Write(text);
    EXPECT_THAT(Made(), HasReason(Reason::kBlueprintDisabled)) << text;
  }
}

TEST_F(ReadingCredentials, ATokenThatTheProviderFoundTooOldIsReadAgain) {
  Write("first");
  clock_.Set(ChangedAt() + absl::Minutes(1));
  EXPECT_EQ(ReadsOf(2), 1);
  counting_.ReadAgain(blueprint());
  EXPECT_EQ(ReadsOf(2), 1);
}

}  // namespace
}  // namespace behalf
