#include "daemon/cli/secret_file.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <filesystem>
#include <sstream>

#include "tests/daemon/cli/scratch.h"

namespace behalf::cli {
namespace {

std::string ReadBack(const std::string& path, const std::string& input = "") {
  std::istringstream in(input);
  const absl::StatusOr<SecretString> secret = ReadSecret(path, in);
  return secret.ok() ? std::string(secret->Reveal()) : std::string(secret.status().message());
}

TEST(SecretFile, IsReadWithoutItsLastNewline) {
  const Scratch scratch;
  EXPECT_EQ(ReadBack(scratch.Write("a", "token\n")), "token");
  EXPECT_EQ(ReadBack(scratch.Write("b", "token\r\n")), "token");
  EXPECT_EQ(ReadBack(scratch.Write("c", "token")), "token");
  EXPECT_EQ(ReadBack(scratch.Write("d", "token\n\n")), "token\n");
  EXPECT_EQ(ReadBack("-", "token\n"), "token");
}

TEST(SecretFile, IsAtMost64KiB) {
  const Scratch scratch;
  const std::string most(64 << 10, 'x');
  EXPECT_EQ(ReadBack(scratch.Write("most", most + "\r\n")), most);
  EXPECT_EQ(ReadBack("-", most + "\n"), most);
  EXPECT_EQ(ReadBack("-", most + "x"), "the standard input is larger than 64 KiB");
  EXPECT_EQ(ReadBack("-", most + "\r\n\r\n"), "the standard input is larger than 64 KiB");
  EXPECT_EQ(ReadBack(scratch.Write("more", most + "x")),
            scratch.Path("more") + " is larger than 64 KiB");
}

TEST(SecretFile, MustHoldSomething) {
  const Scratch scratch;
  EXPECT_EQ(ReadBack(scratch.Write("empty", "\n")), scratch.Path("empty") + " is empty");
  EXPECT_EQ(ReadBack(scratch.Path("none")),
            "cannot read " + scratch.Path("none") + ": No such file or directory");
  EXPECT_EQ(ReadBack(scratch.Path("")), "cannot read " + scratch.Path("") + ": Is a directory");
}

TEST(SecretFile, IsWrittenForItsOwnerOnlyAndInPlaceOfTheOldOne) {
  const Scratch scratch;
  const std::string path = scratch.Write("token", "old");
  std::filesystem::permissions(path, std::filesystem::perms::all);
  absl::StatusOr<SecretFile> file = SecretFile::Prepare(path);
  ASSERT_TRUE(file.ok());
  EXPECT_EQ(scratch.Read("token"), "old");
  ASSERT_TRUE(file->Write(SecretString(std::string("new"))).ok());
  EXPECT_EQ(scratch.Read("token"), "new");
  EXPECT_EQ(scratch.Mode("token"), 0600u);
  EXPECT_EQ(scratch.FileCount(), 1u);
}

TEST(SecretFile, LeavesNothingWithoutASecret) {
  const Scratch scratch;
  {
    ASSERT_TRUE(SecretFile::Prepare(scratch.Path("token")).ok());
  }
  EXPECT_EQ(scratch.FileCount(), 0u);
}

TEST(SecretFile, ReplacesPlainFilesOnly) {
  const Scratch scratch;
  std::filesystem::create_symlink("/dev/null", scratch.Path("link"));
  for (const std::string& path :
       {scratch.Path("link"), scratch.Path(""), std::string("/dev/null")}) {
    EXPECT_THAT(std::string(SecretFile::Prepare(path).status().message()),
                testing::EndsWith("it is not a plain file"));
  }
  EXPECT_FALSE(SecretFile::Prepare(scratch.Path("none/token")).ok());
}

}  // namespace
}  // namespace behalf::cli
