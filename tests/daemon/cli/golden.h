// Files in the source tree that are made from code.
#pragma once

#include <gtest/gtest.h>
#include <stdlib.h>

#include <fstream>
#include <iterator>
#include <string>

namespace behalf::cli {

inline std::string SourceText(const std::string& path) {
  std::ifstream in(std::string(BEHALF_SOURCE_DIR "/") + path, std::ios::binary);
  return std::string(std::istreambuf_iterator<char>(in), {});
}

// With BEHALF_UPDATE_GOLDEN=1 the file is rewritten first.
inline void ExpectCurrent(const std::string& path, const std::string& text) {
  if (getenv("BEHALF_UPDATE_GOLDEN") != nullptr) {
    std::ofstream(std::string(BEHALF_SOURCE_DIR "/") + path, std::ios::binary) << text;
  }
  EXPECT_EQ(SourceText(path), text)
      << path << " is out of date: run this test with BEHALF_UPDATE_GOLDEN=1";
}

}  // namespace behalf::cli
