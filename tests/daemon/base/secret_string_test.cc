#include "daemon/base/secret_string.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cstring>
#include <ostream>
#include <string>
#include <type_traits>
#include <utility>

#include "absl/strings/str_cat.h"

namespace behalf {
namespace {

template <typename T>
concept Printable = requires(std::ostream& out, const T& value) { out << value; };
template <typename T>
concept Comparable = requires(const T& a, const T& b) { a == b; };
template <typename T>
concept Concatenable = requires(const T& value) { absl::StrCat(value); };

static_assert(Printable<std::string> && !Printable<SecretString>);
static_assert(Comparable<std::string> && !Comparable<SecretString>);
static_assert(Concatenable<std::string> && !Concatenable<SecretString>);
static_assert(!std::is_copy_constructible_v<SecretString>);
static_assert(!std::is_copy_assignable_v<SecretString>);
static_assert(std::is_nothrow_move_constructible_v<SecretString>);
static_assert(std::is_nothrow_move_assignable_v<SecretString>);
static_assert(!std::is_convertible_v<SecretString, std::string_view>);
static_assert(!std::is_convertible_v<SecretString, std::string>);
static_assert(!std::is_convertible_v<std::string, SecretString>);
static_assert(!std::is_constructible_v<SecretString, const char*>);

// Both a secret that a std::string keeps in place and one on the heap.
const std::string kSecrets[] = {"s3cret", std::string(200, 's')};

TEST(SecretStringTest, RevealsWhatWasPutIn) {
  for (const std::string& bytes : kSecrets) {
    const SecretString secret{std::string_view(bytes)};
    EXPECT_EQ(secret.Reveal(), bytes);
    EXPECT_EQ(secret.size(), bytes.size());
    EXPECT_FALSE(secret.empty());
  }
  EXPECT_TRUE(SecretString().empty());
}

TEST(SecretStringTest, AMoveLeavesNothingBehind) {
  for (const std::string& bytes : kSecrets) {
    SecretString first{std::string_view(bytes)};
    SecretString second(std::move(first));
    EXPECT_EQ(second.Reveal(), bytes);
    EXPECT_TRUE(first.empty());  // NOLINT(bugprone-use-after-move)
    SecretString third;
    third = std::move(second);
    EXPECT_EQ(third.Reveal(), bytes);
    EXPECT_TRUE(second.empty());  // NOLINT(bugprone-use-after-move)
  }
}

TEST(SecretStringTest, AssigningOnesSelfKeepsTheSecret) {
  SecretString secret(std::string("s3cret"));
  SecretString& same = secret;
  secret = std::move(same);
  EXPECT_EQ(secret.Reveal(), "s3cret");
}

TEST(SecretStringTest, ACloneIsIndependent) {
  SecretString first(std::string("s3cret"));
  const SecretString second = first.Clone();
  first = SecretString(std::string("other"));
  EXPECT_EQ(second.Reveal(), "s3cret");
}

bool Holds(const SecretString& object, std::string_view bytes) {
  std::string memory(sizeof(object), '\0');
  std::memcpy(memory.data(), static_cast<const void*>(&object), sizeof(object));
  return memory.find(bytes) != std::string::npos;
}

TEST(SecretStringTest, AShortSecretIsWipedFromTheObjectItLeft) {
  SecretString first(std::string("s3cret"));
  ASSERT_TRUE(Holds(first, "cret"));
  const SecretString second(std::move(first));
  EXPECT_FALSE(Holds(first, "cret"));  // NOLINT(bugprone-use-after-move)
}

TEST(SecretStringTest, WipingOverwritesAllThatTheStringHadRoomFor) {
  std::string bytes(200, 's');
  bytes.resize(150);
  const char* memory = bytes.data();
  WipeString(bytes);
  EXPECT_TRUE(bytes.empty());
  ASSERT_EQ(bytes.data(), memory) << "the string kept its memory";
  bytes.resize(bytes.capacity());
  EXPECT_TRUE(std::all_of(bytes.begin(), bytes.end(), [](char byte) { return byte == '\0'; }));
}

}  // namespace
}  // namespace behalf
