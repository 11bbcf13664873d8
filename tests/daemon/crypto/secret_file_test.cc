#include "daemon/crypto/secret_file.h"

#include <fcntl.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#include <filesystem>
#include <fstream>
#include <string>
#include <thread>
#include <vector>

#include "daemon/crypto/persistent_key.h"

namespace behalf {
namespace {

using ::testing::HasSubstr;
using ::testing::Not;

class SecretFileTest : public ::testing::Test {
 protected:
  SecretFileTest() {
    std::string name = (std::filesystem::temp_directory_path() / "behalf-secret-XXXXXX").string();
    folder_ = ::mkdtemp(name.data());
  }
  ~SecretFileTest() override { std::filesystem::remove_all(folder_); }

  std::string Path(const std::string& name) const { return folder_ + "/" + name; }

  std::string Write(const std::string& bytes, mode_t mode = 0600) const {
    const std::string path = Path("secret");
    std::ofstream(path, std::ios::binary) << bytes;
    ::chmod(path.c_str(), mode);
    return path;
  }

  static std::string Refusal(const std::string& path, SecretFileKind kind = SecretFileKind::kFile) {
    const auto secret = ReadSecretFile(path, kind);
    if (secret.ok()) return "";
    EXPECT_EQ(secret.status().code(), absl::StatusCode::kFailedPrecondition);
    EXPECT_THAT(std::string(secret.status().message()), HasSubstr(path));
    return std::string(secret.status().message());
  }

  std::string folder_;
};

TEST_F(SecretFileTest, OfWhatIsNoTextEveryByteCounts) {
  const std::string der = "\x30\x82\x01\x0A\n";
  EXPECT_EQ(ReadSecretFile(Write(der), SecretFileKind::kFile)->Reveal(), der);
  EXPECT_EQ(ReadSecretFile(Write("0123\n"), SecretFileKind::kFile)->Reveal(), "0123");
}

TEST_F(SecretFileTest, EachKindHasItsModes) {
  const auto refused = [&](SecretFileKind kind, mode_t mode) {
    return !Refusal(Write("text", mode), kind).empty();
  };
  using enum SecretFileKind;
  EXPECT_TRUE(refused(kFile, 0640));
  EXPECT_FALSE(refused(kSystemdCredential, 0440));
  EXPECT_TRUE(refused(kSystemdCredential, 0444));
  for (const SecretFileKind kind : {kPublic, kProjected}) {
    EXPECT_FALSE(refused(kind, 0644));
    EXPECT_TRUE(refused(kind, 0664));
    EXPECT_TRUE(refused(kind, 0646));
  }
}

TEST_F(SecretFileTest, OnlyAProjectedFileMayBeBehindALink) {
  std::filesystem::create_symlink(Write("text"), Path("link"));
  EXPECT_THAT(Refusal(Path("link"), SecretFileKind::kPublic), HasSubstr("symbolic link"));
  EXPECT_EQ(Refusal(Path("link"), SecretFileKind::kProjected), "");
}

TEST_F(SecretFileTest, AnotherStateOfAFileHasAnotherIdentity) {
  const std::string path = Write("text");
  const auto first = IdentifyFile(path, SecretFileKind::kFile);
  ASSERT_TRUE(first.has_value());
  EXPECT_EQ(IdentifyFile(path, SecretFileKind::kFile), first);
  Write("longer text");
  EXPECT_NE(IdentifyFile(path, SecretFileKind::kFile), first);
  EXPECT_EQ(IdentifyFile(Path("none"), SecretFileKind::kFile), std::nullopt);
}

TEST_F(SecretFileTest, AnIdentityIsAllThatTheFileSystemSaysOfTheFile) {
  const std::string path = Write("text");
  struct stat file = {};
  ASSERT_EQ(::stat(path.c_str(), &file), 0);
  const auto identity = IdentifyFile(path, SecretFileKind::kFile);
  ASSERT_TRUE(identity.has_value());
  EXPECT_EQ(identity->device, file.st_dev);
  EXPECT_EQ(identity->inode, file.st_ino);
  EXPECT_EQ(identity->size, file.st_size);
  EXPECT_EQ(identity->modified_ns, file.st_mtim.tv_sec * 1'000'000'000 + file.st_mtim.tv_nsec);
  EXPECT_EQ(identity->changed_ns, file.st_ctim.tv_sec * 1'000'000'000 + file.st_ctim.tv_nsec);
}

TEST_F(SecretFileTest, OnlyAProjectedFileIsIdentifiedBehindALink) {
  const std::string path = Write("text");
  std::filesystem::create_symlink(path, Path("link"));
  const auto file = IdentifyFile(path, SecretFileKind::kProjected);
  EXPECT_EQ(IdentifyFile(Path("link"), SecretFileKind::kProjected), file);
  for (const SecretFileKind kind : {SecretFileKind::kFile, SecretFileKind::kPublic}) {
    EXPECT_NE(IdentifyFile(Path("link"), kind), file);
  }
}

TEST_F(SecretFileTest, OneNewlineAtTheEndIsDropped) {
  const std::vector<std::pair<std::string, std::string>> cases = {
      {"s3cret", "s3cret"},        {"s3cret\n", "s3cret"},     {"s3cret\n\n", "s3cret\n"},
      {" s3cret", " s3cret"},      {"\xC3\xA4\n", "\xC3\xA4"}, {"a\xC3\xA4\n", "a\xC3\xA4"},
      {"two\nlines", "two\nlines"}};
  for (const auto& [bytes, expected] : cases) {
    const auto secret = ReadSecretFile(Write(bytes), SecretFileKind::kFile);
    ASSERT_TRUE(secret.ok()) << secret.status();
    EXPECT_EQ(secret->Reveal(), expected);
  }
}

TEST_F(SecretFileTest, AFileThatOthersCanUseIsRefused) {
  for (const mode_t mode : {0640, 0620, 0610, 0604, 0602, 0601, 0644, 0666, 0777}) {
    EXPECT_THAT(Refusal(Write("s3cret", mode)), HasSubstr("chmod")) << std::oct << mode;
  }
  for (const mode_t mode : {0600, 0400, 0700}) {
    EXPECT_EQ(Refusal(Write("s3cret", mode)), "") << std::oct << mode;
  }
}

TEST_F(SecretFileTest, TheGroupBitsOfASystemdCredentialSayNothing) {
  EXPECT_EQ(Refusal(Write("s3cret", 0440), SecretFileKind::kSystemdCredential), "");
  EXPECT_THAT(Refusal(Write("s3cret", 0444), SecretFileKind::kSystemdCredential),
              HasSubstr("chmod it 0440"));
  EXPECT_THAT(Refusal(Write("s3cret", 0664), SecretFileKind::kSystemdCredential),
              HasSubstr("chmod it 0640"));
}

TEST_F(SecretFileTest, SizesFromOneByteTo64KiB) {
  EXPECT_THAT(Refusal(Write("")), HasSubstr("empty"));
  EXPECT_THAT(Refusal(Write("\n")), HasSubstr("empty"));
  EXPECT_EQ(Refusal(Write("x")), "");
  EXPECT_EQ(Refusal(Write(std::string(64 * 1024, 'x'))), "");
  EXPECT_THAT(Refusal(Write(std::string(64 * 1024 + 1, 'x'))), HasSubstr("64 KiB"));
}

TEST_F(SecretFileTest, OnlyARegularFileIsRead) {
  const std::string path = Write("s3cret");
  ASSERT_EQ(::symlink(path.c_str(), Path("link").c_str()), 0);
  ASSERT_EQ(::mkfifo(Path("pipe").c_str(), 0600), 0);
  EXPECT_THAT(Refusal(Path("link")), HasSubstr("symbolic link"));
  EXPECT_THAT(Refusal(Path("pipe")), HasSubstr("regular file"));
  EXPECT_THAT(Refusal(folder_), HasSubstr("regular file"));
  EXPECT_THAT(Refusal("/dev/null"), HasSubstr("regular file"));
  EXPECT_THAT(Refusal(Path("absent")), HasSubstr("does not exist"));
}

TEST_F(SecretFileTest, AFileOfAnotherUserIsRefused) {
  if (::geteuid() != 0) GTEST_SKIP() << "needs root to give a file away";
  const std::string path = Write("s3cret");
  ASSERT_EQ(::chown(path.c_str(), 12345, 0), 0);
  EXPECT_THAT(Refusal(path), HasSubstr("uid 12345"));
}

TEST_F(SecretFileTest, ARefusalNeverQuotesTheContents) {
  EXPECT_THAT(Refusal(Write("s3cret", 0644)), Not(HasSubstr("s3cret")));
}

using PersistentKeyTest = SecretFileTest;

TEST_F(PersistentKeyTest, IsMadeOnceAndStaysTheSame) {
  const auto first = PersistentKey(folder_, "digest.key");
  ASSERT_TRUE(first.ok()) << first.status();
  EXPECT_EQ(first->size(), 32u);
  const auto second = PersistentKey(folder_, "digest.key");
  ASSERT_TRUE(second.ok()) << second.status();
  EXPECT_EQ(first->Reveal(), second->Reveal());
  EXPECT_NE(first->Reveal(), PersistentKey(folder_, "other.key")->Reveal());
}

TEST_F(PersistentKeyTest, IsReadableByItsOwnerOnlyWhateverTheUmask) {
  const mode_t before = ::umask(0);
  ASSERT_TRUE(PersistentKey(folder_, "key").ok());
  ::umask(before);
  struct stat file = {};
  ASSERT_EQ(::stat(Path("key").c_str(), &file), 0);
  EXPECT_EQ(file.st_mode & 07777, 0600u);
}

TEST_F(PersistentKeyTest, LeavesNoDraftBehind) {
  ASSERT_TRUE(PersistentKey(folder_, "key").ok());
  std::size_t files = 0;
  for (const auto& entry : std::filesystem::directory_iterator(folder_)) {
    EXPECT_EQ(entry.path().filename(), "key");
    ++files;
  }
  EXPECT_EQ(files, 1u);
}

TEST_F(PersistentKeyTest, ManyAtOnceGetTheSameKey) {
  std::vector<std::string> keys(16);
  std::vector<std::thread> threads;
  for (std::string& key : keys) {
    threads.emplace_back([&] {
      const auto made = PersistentKey(folder_, "key");
      if (made.ok()) key = made->Reveal();
    });
  }
  for (std::thread& thread : threads) thread.join();
  ASSERT_EQ(keys.front().size(), 32u);
  for (const std::string& key : keys) EXPECT_EQ(key, keys.front());
}

TEST_F(PersistentKeyTest, ADamagedOrExposedFileIsRefusedAndNeverReplaced) {
  for (const std::string& contents :
       {std::string("short"), std::string(64, 'g'), std::string(64, 'A'), std::string(66, 'a')}) {
    const std::string path = Write(contents);
    EXPECT_FALSE(PersistentKey(folder_, "secret").ok());
    std::ifstream file(path);
    EXPECT_EQ(std::string(std::istreambuf_iterator<char>(file), {}), contents);
  }
  Write(std::string(64, 'a'), 0640);
  EXPECT_FALSE(PersistentKey(folder_, "secret").ok());
  Write(std::string(64, 'a'), 0600);
  EXPECT_TRUE(PersistentKey(folder_, "secret").ok());
}

TEST_F(PersistentKeyTest, ALinkIsNotFollowed) {
  ASSERT_EQ(::symlink(Path("elsewhere").c_str(), Path("key").c_str()), 0);
  EXPECT_FALSE(PersistentKey(folder_, "key").ok());
  EXPECT_FALSE(std::filesystem::exists(Path("elsewhere")));
}

TEST_F(PersistentKeyTest, AMissingDirectoryIsAnErrorThatNamesIt) {
  const auto key = PersistentKey(Path("nowhere"), "key");
  ASSERT_FALSE(key.ok());
  EXPECT_THAT(std::string(key.status().message()), HasSubstr(Path("nowhere")));
}

}  // namespace
}  // namespace behalf
