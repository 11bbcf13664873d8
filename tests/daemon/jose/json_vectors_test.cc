// JSONTestSuite's parsing tests, directly and as a value inside an object.
#include <gtest/gtest.h>

#include <filesystem>
#include <iostream>
#include <string>

#include "daemon/jose/json.h"
#include "tests/daemon/jose/vectors.h"

namespace behalf {
namespace {

struct Totals {
  int accepted = 0;
  int refused = 0;
  int either_way = 0;
  int duplicates = 0;
};

bool Accepted(const std::string& text) { return JsonObject::Parse(text).ok(); }
std::string Wrapped(const std::string& text) { return "{\"v\": " + text + "}"; }

bool HasDuplicateKeys(const std::string& name) {
  return name == "y_object_duplicated_key.json" || name == "y_object_duplicated_key_and_value.json";
}

void Check(const std::string& name, const std::string& text, Totals& totals) {
  const bool direct = Accepted(text);
  const bool wrapped = Accepted(Wrapped(text));
  if (name.starts_with("i_")) {
    ++totals.either_way;
  } else if (name.starts_with("n_")) {
    EXPECT_FALSE(direct || wrapped);
    ++totals.refused;
  } else if (HasDuplicateKeys(name)) {
    EXPECT_FALSE(direct || wrapped);
    ++totals.duplicates;
  } else {
    const bool is_object = text.find_first_not_of(" \t\r\n") == text.find('{');
    EXPECT_TRUE(wrapped);
    EXPECT_EQ(direct, is_object && text.find('{') != std::string::npos);
    ++totals.accepted;
  }
}

TEST(JsonVectorsTest, EveryVerdictOfTheSuiteIsOurs) {
  const auto folder = Vectors("json/test_parsing");
  BEHALF_SKIP_WITHOUT(folder);
  Totals totals;
  int files = 0;
  for (const auto& entry : std::filesystem::directory_iterator(folder)) {
    const std::string name = entry.path().filename().string();
    SCOPED_TRACE(name);
    ++files;
    Check(name, FileText(entry.path()), totals);
  }
  std::cout << "accepted " << totals.accepted << ", refused " << totals.refused
            << ", refused for a duplicate key " << totals.duplicates << ", either way "
            << totals.either_way << "\n";
  EXPECT_EQ(totals.accepted + totals.refused + totals.duplicates + totals.either_way, files);
  EXPECT_EQ(totals.refused, 188);
  EXPECT_EQ(totals.accepted, 93);
  EXPECT_EQ(totals.duplicates, 2);
}

}  // namespace
}  // namespace behalf
