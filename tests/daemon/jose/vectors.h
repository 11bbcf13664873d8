// Where the public test vectors lie, and how the tests read them.
#pragma once

#include <simdjson.h>

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <string>
#include <string_view>

namespace behalf {

// $BEHALF_VECTORS, or the default place beside the project; may not exist.
inline std::filesystem::path Vectors(std::string_view folder) {
  const char* named = std::getenv("BEHALF_VECTORS");
  const std::filesystem::path root =
      named != nullptr ? named : std::filesystem::path(BEHALF_SOURCE_DIR) / "../shared/vectors";
  return root / folder;
}

#define BEHALF_SKIP_WITHOUT(folder)                                                           \
  if (!std::filesystem::exists(folder)) {                                                     \
    GTEST_SKIP() << "no public vectors at " << folder << "; set BEHALF_VECTORS to have them"; \
  }                                                                                           \
  static_assert(true)

inline std::string FileText(const std::filesystem::path& path) {
  std::ifstream file(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(file), {}};
}

inline std::string TextOf(simdjson::dom::element element) {
  if (element.is_string()) return std::string(std::string_view(element));
  return simdjson::minify(element);
}

}  // namespace behalf
