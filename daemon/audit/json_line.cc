#include "daemon/audit/json_line.h"

#include <algorithm>
#include <array>
#include <charconv>
#include <cstddef>
#include <utility>

namespace behalf {
namespace {

constexpr char32_t kReplacement = 0xFFFD;

struct CodePoint {
  char32_t value = kReplacement;
  std::size_t size = 1;  // bytes taken
};

struct Lead {
  std::size_t size = 0;  // of the whole sequence; 0: no lead byte
  char32_t bits = 0;
  char32_t least = 0;  // smallest value that needs so many bytes
};

Lead LeadOf(unsigned char byte) {
  if (byte < 0x80) return {1, byte, 0};
  if ((byte & 0xE0U) == 0xC0) return {2, byte & 0x1FU, 0x80};
  if ((byte & 0xF0U) == 0xE0) return {3, byte & 0x0FU, 0x800};
  if ((byte & 0xF8U) == 0xF0) return {4, byte & 0x07U, 0x10000};
  return {};
}

bool IsScalar(char32_t value) { return value <= 0x10FFFF && (value < 0xD800 || value > 0xDFFF); }

// The first code point of `text`, which is not empty; one byte and U+FFFD
// where it is not UTF-8.
CodePoint FirstOf(std::string_view text) {
  const Lead lead = LeadOf(static_cast<unsigned char>(text.front()));
  if (lead.size == 0 || lead.size > text.size()) return {};
  char32_t value = lead.bits;
  for (const char next : text.substr(1, lead.size - 1)) {
    const auto byte = static_cast<unsigned char>(next);
    if ((byte & 0xC0U) != 0x80) return {};
    value = (value << 6U) | (byte & 0x3FU);
  }
  if (value < lead.least || !IsScalar(value)) return {};
  return {value, lead.size};
}

bool Between(char32_t value, char32_t first, char32_t last) {
  return value >= first && value <= last;
}

bool MustEscape(char32_t value) {
  return value < 0x20 || Between(value, 0x7F, 0x9F) || value == '"' || value == '\\' ||
         value == 0x061C || Between(value, 0x200E, 0x200F) || Between(value, 0x2028, 0x202E) ||
         Between(value, 0x2066, 0x2069);
}

// All that is escaped lies in the basic plane.
void AppendEscaped(std::string& out, char32_t value) {
  constexpr std::string_view kHex = "0123456789abcdef";
  switch (value) {
    case '"':
      out += "\\\"";
      return;
    case '\\':
      out += "\\\\";
      return;
    case '\n':
      out += "\\n";
      return;
    case '\r':
      out += "\\r";
      return;
    case '\t':
      out += "\\t";
      return;
    default:
      out += "\\u";
      for (const unsigned shift : {12U, 8U, 4U, 0U}) out += kHex[(value >> shift) & 0xFU];
  }
}

bool IsPlain(char byte) { return byte >= 0x20 && byte < 0x7F && byte != '"' && byte != '\\'; }

std::size_t PlainPrefix(std::string_view text) {
  return static_cast<std::size_t>(std::ranges::find_if_not(text, IsPlain) - text.begin());
}

}  // namespace

void AppendJsonString(std::string& out, std::string_view text) {
  out += '"';
  while (true) {
    const std::size_t plain = PlainPrefix(text);
    out += text.substr(0, plain);
    text.remove_prefix(plain);
    if (text.empty()) break;
    const CodePoint next = FirstOf(text);
    if (next.value == kReplacement) {
      out += "\xEF\xBF\xBD";
    } else if (MustEscape(next.value)) {
      AppendEscaped(out, next.value);
    } else {
      out += text.substr(0, next.size);
    }
    text.remove_prefix(next.size);
  }
  out += '"';
}

void JsonLine::Key(std::string_view key) {
  if (text_.back() != '{') text_ += ',';
  text_ += '"';
  text_ += key;
  text_ += "\":";
}

JsonLine& JsonLine::String(std::string_view key, std::string_view value) {
  if (value.empty()) return *this;
  Key(key);
  AppendJsonString(text_, value);
  return *this;
}

JsonLine& JsonLine::Strings(std::string_view key, std::span<const std::string> values) {
  if (values.empty()) return *this;
  Key(key);
  char separator = '[';
  for (const std::string& value : values) {
    text_ += separator;
    AppendJsonString(text_, value);
    separator = ',';
  }
  text_ += ']';
  return *this;
}

JsonLine& JsonLine::Number(std::string_view key, std::int64_t value) {
  std::array<char, 20> digits = {};
  const auto end = std::to_chars(digits.begin(), digits.end(), value).ptr;
  Key(key);
  text_.append(digits.begin(), end);
  return *this;
}

JsonLine& JsonLine::True(std::string_view key) {
  Key(key);
  text_ += "true";
  return *this;
}

JsonLine& JsonLine::Open(std::string_view key) {
  before_object_ = text_.size();
  Key(key);
  text_ += '{';
  return *this;
}

JsonLine& JsonLine::Close() {
  if (text_.back() == '{') {
    text_.resize(before_object_);
  } else {
    text_ += '}';
  }
  return *this;
}

std::string JsonLine::Finish() && {
  text_ += "}\n";
  return std::move(text_);
}

}  // namespace behalf
