// Documents with random damage: the loader ends, says where, and never turns
// a damaged file into a looser policy by dropping what it held.
#include <gtest/gtest.h>

#include <random>
#include <string>

#include "tests/blueprint/documents.h"
#include "tests/blueprint/fake_accounts.h"

namespace behalf {
namespace {

std::string WithoutPolicy() {
  std::string all;
  for (const SourceFile& file : WholeSet()) all += file.text.substr(0, file.text.size() - 4);
  return all;
}

std::string Whole() { return WithoutPolicy() + kPolicyText; }

void ExpectSoundResult(const LoadResult& result) {
  bool failed = false;
  for (const Issue& issue : result.issues) {
    failed = failed || issue.kind == Issue::Kind::kDocument;
    EXPECT_GE(issue.place.line, 1);
    EXPECT_GE(issue.place.column, 1);
    EXPECT_FALSE(issue.message.empty());
    EXPECT_FALSE(Render(issue).empty());
  }
  EXPECT_EQ(failed, result.catalog == nullptr);
}

TEST(Mutation, RandomBytesNeverCrashTheLoader) {
  std::mt19937 random(20261122);
  const std::string whole = Whole();
  const std::string interesting = "\n \t:-{}[]\"'#&*!%|>?,.~\0\r\x80\xff<@`0a";
  for (int round = 0; round < 3000; ++round) {
    std::string text = whole;
    for (unsigned damage = random() % 4 + 1; damage > 0; --damage) {
      const std::size_t at = random() % text.size();
      const char byte = random() % 2 == 0 ? interesting[random() % interesting.size()]
                                          : static_cast<char>(random());
      switch (random() % 3) {
        case 0:
          text[at] = byte;
          break;
        case 1:
          text.insert(at, 1, byte);
          break;
        default:
          text.erase(at, random() % 8 + 1);
      }
    }
    SCOPED_TRACE(text);
    ExpectSoundResult(Load({{"a.yaml", text}}, FakeAccounts()));
    if (HasFailure()) return;
  }
}

// Flips a bit: refused, or a different digest, or the same meaning because it
// lies in a comment or in the case of a GUID's digit. True when the same.
bool MeansTheSame(const std::string& whole, const std::string& digest, std::size_t at, int bit) {
  std::string text = whole;
  text[at] = static_cast<char>(text[at] ^ (1 << bit));
  const LoadResult after = Load({{"a.yaml", text}}, FakeAccounts());
  ExpectSoundResult(after);
  if (after.catalog == nullptr || after.catalog->digest() != digest) return false;
  EXPECT_EQ(bit, 5) << "byte " << at << " `" << whole.substr(at, 10) << "`";
  return true;
}

TEST(Mutation, NoSingleBitTurnsIntoAnotherMeaningUnseen) {
  const std::string whole = WithoutPolicy() + "...\n";
  const LoadResult before = Load({{"a.yaml", whole}}, FakeAccounts());
  ASSERT_NE(before.catalog, nullptr) << Told(before);
  int same = 0;
  for (std::size_t at = 0; at < whole.size(); ++at) {
    for (int bit = 0; bit < 8; ++bit) {
      same += MeansTheSame(whole, before.catalog->digest(), at, bit) ? 1 : 0;
    }
  }
  EXPECT_GT(same, 0);
}

// Nor of a policy, one bit of each byte.
TEST(Mutation, NoSingleBitOfAPolicyTurnsIntoAnotherMeaningUnseen) {
  const std::string whole = Whole();
  const LoadResult before = Load({{"a.yaml", whole}}, FakeAccounts());
  ASSERT_NE(before.catalog, nullptr) << Told(before);
  for (std::size_t at = WithoutPolicy().size(); at < whole.size(); ++at) {
    MeansTheSame(whole, before.catalog->digest(), at, static_cast<int>(at % 8));
  }
}

}  // namespace
}  // namespace behalf
