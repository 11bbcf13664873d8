#include "daemon/jose/base64url.h"

#include <gtest/gtest.h>

#include <string>

namespace behalf {
namespace {

using namespace std::string_literals;

struct Row {
  std::string bytes;
  std::string text;
};

// RFC 4648 section 10, without padding; RFC 7515 appendix C.
const Row kRows[] = {{"", ""},
                     {"f", "Zg"},
                     {"fo", "Zm8"},
                     {"foo", "Zm9v"},
                     {"foob", "Zm9vYg"},
                     {"fooba", "Zm9vYmE"},
                     {"foobar", "Zm9vYmFy"},
                     {"\x03\xec\xff\xe0\xc1", "A-z_4ME"}};

TEST(Base64UrlTest, EncodesAndDecodesTheVectorsOfTheRfcs) {
  for (const Row& row : kRows) {
    SCOPED_TRACE(row.text);
    EXPECT_EQ(Base64UrlEncode(row.bytes), row.text);
    EXPECT_EQ(Base64UrlDecode(row.text), row.bytes);
  }
}

TEST(Base64UrlTest, EveryByteSurvivesAtEveryPosition) {
  for (int size = 0; size < 8; ++size) {
    for (int byte = 0; byte < 256; ++byte) {
      const std::string bytes(static_cast<std::size_t>(size), static_cast<char>(byte));
      EXPECT_EQ(Base64UrlDecode(Base64UrlEncode(bytes)), bytes);
    }
  }
}

TEST(Base64UrlTest, AnythingButTheOneEncodingIsRefused) {
  const std::string refused[] = {"A",     "AAAAA", "Zg==",   "Zg=",     "Zm9v\n",  " Zm9v", "Zm 9v",
                                 "Zm9v=", "Zm+v",  "Zm/v",   "Zm\0v"s,  "Zm9\xff", "Zm9v.", "Zh",
                                 "Zv",    "Zm9",   "Zm9vYh", "Zm9vYmF", "=",       "\r\n"};
  for (const std::string& text : refused) {
    EXPECT_EQ(Base64UrlDecode(text), std::nullopt) << text;
  }
}

TEST(Base64UrlTest, NothingBehindTheTextIsRead) {
  const std::string_view letters = "AAAAAAAA";
  for (const std::size_t size : {1u, 5u}) {
    EXPECT_EQ(Base64UrlDecode(letters.substr(0, size)), std::nullopt) << size;
  }
  EXPECT_EQ(Base64UrlDecode(std::string_view("Zm9vIII").substr(0, 4)), "foo");
}

TEST(Base64UrlTest, NoTwoTextsDecodeToTheSameBytes) {
  const std::string alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
  int accepted = 0;
  for (const char first : alphabet) {
    for (const char second : alphabet) {
      const std::string text = {first, second};
      const auto bytes = Base64UrlDecode(text);
      if (!bytes) continue;
      ++accepted;
      EXPECT_EQ(Base64UrlEncode(*bytes), text);
    }
  }
  EXPECT_EQ(accepted, 256);
}

}  // namespace
}  // namespace behalf
