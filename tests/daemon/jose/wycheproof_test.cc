// Wycheproof's JOSE vectors, with the group's key pinned. Every verdict is
// accounted for: what is valid but refused is refused by a policy of ours.
#include <gtest/gtest.h>

#include <iostream>
#include <map>
#include <string>
#include <string_view>

#include "absl/strings/str_cat.h"
#include "daemon/jose/base64url.h"
#include "daemon/jose/key_set.h"
#include "daemon/jose/verify.h"
#include "tests/daemon/jose/vectors.h"

namespace behalf {
namespace {

namespace dom = simdjson::dom;

std::string KeySetText(dom::element group) {
  dom::element key;
  if (group["public"].get(key) != simdjson::SUCCESS) key = group["private"];
  const std::string text = TextOf(key);
  return key["keys"].error() == simdjson::SUCCESS ? text : "{\"keys\":[" + text + "]}";
}

bool Accepted(const std::string& token, const std::string& key_set) {
  const auto keys = KeySet::Parse(key_set);
  const auto jws = CompactJws::Parse(token);
  return keys.ok() && jws.ok() && VerifySignature(*jws, **keys).ok();
}

// The algorithm that the header names, as far as it can be read.
std::string AlgorithmOf(const std::string& token) {
  const auto header = Base64UrlDecode(token.substr(0, token.find('.')));
  if (!header) return "an unreadable header";
  const auto object = JsonObject::Parse(*header);
  if (!object.ok() || !object->String("alg")) return "an unreadable header";
  return std::string(*object->String("alg"));
}

using Totals = std::map<std::string, int>;

void Check(const std::string& token, const std::string& key_set, bool valid, Totals& totals) {
  const bool accepted = Accepted(token, key_set);
  if (!valid) {
    EXPECT_FALSE(accepted);
    ++totals["invalid, refused"];
    return;
  }
  const std::string algorithm = AlgorithmOf(token);
  const bool ours = ParseAlgorithm(algorithm).has_value();
  EXPECT_EQ(accepted, ours) << algorithm;
  ++totals[ours ? "valid, accepted" : "valid, refused by policy: " + algorithm];
}

struct Suite {
  const char* file;
  int accepted;
};

class WycheproofTest : public ::testing::TestWithParam<Suite> {};

TEST_P(WycheproofTest, EveryVerdictIsAsDeclaredOrByPolicy) {
  const auto path = Vectors("wycheproof") / GetParam().file;
  BEHALF_SKIP_WITHOUT(path);
  dom::parser parser;
  const dom::element suite = parser.load(path.string());
  Totals totals;
  for (const dom::element group : dom::array(suite["testGroups"])) {
    const std::string key_set = KeySetText(group);
    for (const dom::element test : dom::array(group["tests"])) {
      SCOPED_TRACE(absl::StrCat("tcId ", std::int64_t(test["tcId"]), " ", TextOf(test["comment"])));
      dom::element token;
      if (test["jws"].get(token) != simdjson::SUCCESS) token = test["jwe"];
      Check(TextOf(token), key_set, TextOf(test["result"]) == "valid", totals);
    }
  }
  int sum = 0;
  for (const auto& [verdict, count] : totals) {
    std::cout << GetParam().file << ": " << verdict << ": " << count << "\n";
    sum += count;
  }
  EXPECT_EQ(sum, std::int64_t(suite["numberOfTests"]));
  EXPECT_EQ(totals["valid, accepted"], GetParam().accepted);
}

INSTANTIATE_TEST_SUITE_P(Jose, WycheproofTest,
                         ::testing::Values(Suite{"json_web_signature_test.json", 16},
                                           Suite{"json_web_crypto_test.json", 2},
                                           Suite{"json_web_key_test.json", 1},
                                           Suite{"json_web_encryption_test.json", 0}),
                         [](const auto& tested) {
                           const std::string file = tested.param.file;
                           return file.substr(0, file.find('.'));
                         });

}  // namespace
}  // namespace behalf
