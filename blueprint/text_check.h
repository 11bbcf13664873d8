// What a file's bytes must be before YAML is looked at: bounded, UTF-8, no
// tabs, carriage returns, control or direction characters, and a line `...`
// at the end and nowhere else. A file cut short has lost that line.
#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace behalf::loader {

inline constexpr std::size_t kMostFileBytes = std::size_t{1} << 20;

struct SyntaxError {
  int line = 0;
  int column = 0;  // in characters
  std::string message;
  std::string advice;
};

// The first character that may not stand in a document.
std::optional<SyntaxError> CheckCharacters(std::string_view text);

// The end mark is missing, or stands elsewhere.
std::optional<SyntaxError> CheckEndMark(std::string_view text);

}  // namespace behalf::loader
