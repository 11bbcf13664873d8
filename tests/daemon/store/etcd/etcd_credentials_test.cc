#include "daemon/store/etcd/etcd_credentials.h"

#include <gmock/gmock.h>

#include <filesystem>
#include <fstream>
#include <memory>
#include <string>
#include <vector>

#include "absl/time/clock.h"
#include "tests/fakes/test_keys.h"
#include "tests/status_matchers.h"
#include "tests/temporary_folder.h"

namespace behalf {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::NotNull;

class EtcdCredentialsTest : public testing::Test {
 protected:
  EtcdCredentialsTest() {
    Write(files_.ca, CertificateOf(TestKey::P256()));
    Put(TestKey::Rsa2048());
  }

  static std::string CertificateOf(const TestKey& key) {
    return key.SelfSigned(absl::Now() - absl::Hours(1), absl::Now() + absl::Hours(1)).pem;
  }
  void Put(const TestKey& key) const {
    Write(files_.certificate, CertificateOf(key));
    Write(files_.key, key.PrivatePem());
  }
  // As who renews certificates does it.
  static void Write(const std::string& path, const std::string& text) {
    std::ofstream(path + ".new") << text;
    std::filesystem::permissions(path + ".new", std::filesystem::perms(0600));
    std::filesystem::rename(path + ".new", path);
  }
  std::string In(const char* name) const { return (folder_.path() / name).string(); }
  absl::StatusOr<std::unique_ptr<EtcdCredentials>> Read() {
    return EtcdCredentials::Read(files_,
                                 [this](const absl::Status& read) { told_.push_back(read); });
  }
  std::string WhyNot() { return std::string(Read().status().message()); }

  const TemporaryFolder folder_;
  std::vector<absl::Status> told_;
  const EtcdCredentialFiles files_{In("ca.pem"), In("client.pem"), In("client.key")};
};

TEST_F(EtcdCredentialsTest, StayTheSameWhileTheFilesDo) {
  const auto read = Read();
  ASSERT_THAT(read, IsOk());
  const auto first = (*read)->Current();
  EXPECT_THAT(first, NotNull());
  EXPECT_EQ((*read)->Current(), first);
}

TEST_F(EtcdCredentialsTest, AreReadAgainWhenTheFilesWereReplaced) {
  const auto read = Read();
  ASSERT_THAT(read, IsOk());
  const auto first = (*read)->Current();
  Put(TestKey::OtherRsa2048());
  const auto second = (*read)->Current();
  EXPECT_NE(second, first);
  EXPECT_EQ((*read)->Current(), second);
  EXPECT_THAT(told_, ElementsAre(IsOk()));
}

TEST_F(EtcdCredentialsTest, BetweenTwoWritesTheOldOnesGoOn) {
  const auto read = Read();
  ASSERT_THAT(read, IsOk());
  const auto first = (*read)->Current();
  Write(files_.certificate, CertificateOf(TestKey::OtherRsa2048()));
  EXPECT_EQ((*read)->Current(), first);
  EXPECT_THAT(told_.at(0).message(), HasSubstr("is not the key of the first certificate"));
  Write(files_.key, TestKey::OtherRsa2048().PrivatePem());
  EXPECT_NE((*read)->Current(), first);
}

TEST_F(EtcdCredentialsTest, WhatBreaksLaterLeavesTheLastGoodOnes) {
  const auto read = Read();
  ASSERT_THAT(read, IsOk());
  const auto first = (*read)->Current();
  std::filesystem::permissions(files_.key, std::filesystem::perms(0644));
  EXPECT_EQ((*read)->Current(), first);
  std::filesystem::remove(files_.certificate);
  EXPECT_EQ((*read)->Current(), first);
  Write(files_.ca, "not a certificate");
  EXPECT_EQ((*read)->Current(), first);
}

TEST_F(EtcdCredentialsTest, AtTheStartEachFileMustBeGood) {
  Write(files_.ca, "not a certificate");
  EXPECT_THAT(WhyNot(), HasSubstr("ca.pem: holds no certificate in PEM form"));
  Write(files_.ca, CertificateOf(TestKey::P256()));
  Write(files_.key, TestKey::OtherRsa2048().PrivatePem());
  EXPECT_THAT(WhyNot(), HasSubstr("client.key: is not the key of the first certificate in "));
  std::filesystem::permissions(files_.key, std::filesystem::perms(0644));
  EXPECT_THAT(WhyNot(), HasSubstr("client.key: has mode 0644"));
}

}  // namespace
}  // namespace behalf
