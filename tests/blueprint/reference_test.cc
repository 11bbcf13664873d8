// docs/ holds what the loader's description of the kinds says.
// BEHALF_UPDATE_GOLDEN=1 writes it anew.
#include "blueprint/reference.h"

#include <gtest/gtest.h>

#include <cstdlib>
#include <fstream>
#include <string>

namespace behalf {
namespace {

void ExpectFile(const std::string& name, const std::string& text) {
  const std::string path = std::string(BEHALF_SOURCE_DIR) + "/docs/" + name;
  if (std::getenv("BEHALF_UPDATE_GOLDEN") != nullptr) std::ofstream(path) << text;
  std::ifstream in(path, std::ios::binary);
  const std::string found{std::istreambuf_iterator<char>(in), std::istreambuf_iterator<char>()};
  EXPECT_TRUE(found == text) << path << " is out of date: run with BEHALF_UPDATE_GOLDEN=1";
}

TEST(Reference, TheJsonSchemaIsUpToDate) { ExpectFile("blueprint.schema.json", JsonSchema()); }

TEST(Reference, TheKeyReferenceIsUpToDate) { ExpectFile("blueprint-keys.md", KeyReference()); }

}  // namespace
}  // namespace behalf
