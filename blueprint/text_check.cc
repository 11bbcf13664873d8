#include "blueprint/text_check.h"

#include <array>
#include <cstdint>

#include "absl/strings/str_format.h"

namespace behalf::loader {
namespace {

struct Character {
  std::uint32_t code = 0;
  std::size_t size = 0;  // bytes; 0: not UTF-8
};

struct Encoding {
  unsigned char mask, lead;
  std::uint32_t least;
};

// RFC 3629: by length, shortest form only, no surrogates, nothing past 10FFFF.
constexpr std::array kEncodings = std::to_array<Encoding>({
    {0x80, 0x00, 0x0},
    {0xE0, 0xC0, 0x80},
    {0xF0, 0xE0, 0x800},
    {0xF8, 0xF0, 0x10000},
});

bool IsScalarValue(std::uint32_t code, std::uint32_t least) {
  return code >= least && code <= 0x10FFFF && (code < 0xD800 || code > 0xDFFF);
}

Character Decode(std::string_view text) {
  const auto byte = [&](std::size_t i) { return static_cast<unsigned char>(text[i]); };
  for (std::size_t size = 1; size <= kEncodings.size(); ++size) {
    const Encoding& form = kEncodings[size - 1];
    if ((byte(0) & form.mask) != form.lead) continue;
    if (text.size() < size) return {};
    std::uint32_t code = byte(0) & static_cast<unsigned char>(~form.mask);
    for (std::size_t i = 1; i < size; ++i) {
      if ((byte(i) & 0xC0) != 0x80) return {};
      code = code << 6 | (byte(i) & 0x3F);
    }
    return IsScalarValue(code, form.least) ? Character{code, size} : Character{};
  }
  return {};
}

bool IsLineBreakElsewhere(std::uint32_t c) { return c == 0x85 || c == 0x2028 || c == 0x2029; }

bool TurnsDirection(std::uint32_t c) {
  return (c >= 0x202A && c <= 0x202E) || (c >= 0x2066 && c <= 0x2069) || c == 0x200E || c == 0x200F;
}

bool IsControl(std::uint32_t c) {
  return c < 0x20 || (c >= 0x7F && c < 0xA0) || (c & 0xFFFE) == 0xFFFE;
}

struct Refusal {
  std::string message;
  std::string advice;
};

std::optional<Refusal> Refuse(Character c) {
  if (c.size == 0) return Refusal{"this byte is not UTF-8", "save the file as UTF-8"};
  if (c.code == '\n') return std::nullopt;
  if (c.code == '\t') return Refusal{"tabs are not allowed", "indent with spaces"};
  if (c.code == '\r') {
    return Refusal{"carriage returns are not allowed", "save the file with Unix line ends"};
  }
  if (c.code == 0xFEFF) {
    return Refusal{"byte order marks are not allowed", "save the file as UTF-8 without one"};
  }
  const std::string name = absl::StrFormat("U+%04X", c.code);
  if (IsLineBreakElsewhere(c.code) || IsControl(c.code)) {
    return Refusal{"the control character " + name + " is not allowed", "remove it"};
  }
  if (TurnsDirection(c.code)) {
    return Refusal{"the character " + name + " is not allowed: it changes the direction of text",
                   "remove it, so that the file reads as it means"};
  }
  return std::nullopt;
}

// Where `offset` is, counted in characters.
SyntaxError At(std::string_view text, std::size_t offset) {
  SyntaxError error{.line = 1, .column = 1, .message = {}, .advice = {}};
  for (const char c : text.substr(0, offset)) {
    if ((static_cast<unsigned char>(c) & 0xC0) == 0x80) continue;
    ++error.column;
    if (c != '\n') continue;
    ++error.line;
    error.column = 1;
  }
  return error;
}

SyntaxError Error(std::string_view text, std::size_t offset, Refusal refusal) {
  SyntaxError error = At(text, offset);
  error.message = std::move(refusal.message);
  error.advice = std::move(refusal.advice);
  return error;
}

constexpr std::string_view kMark = "...";

// The first line that starts like the end mark.
std::size_t FindMark(std::string_view text) {
  if (text.starts_with(kMark)) return 0;
  const std::size_t before = text.find("\n...");
  return before == std::string_view::npos ? before : before + 1;
}

}  // namespace

std::optional<SyntaxError> CheckCharacters(std::string_view text) {
  if (text.size() > kMostFileBytes) {
    return Error(text, 0, {"the file is larger than 1 MB", "split it into several files"});
  }
  for (std::size_t offset = 0; offset < text.size();) {
    const Character c = Decode(text.substr(offset));
    if (auto refusal = Refuse(c)) return Error(text, offset, *std::move(refusal));
    offset += c.size;
  }
  return std::nullopt;
}

std::optional<SyntaxError> CheckEndMark(std::string_view text) {
  const std::size_t mark = FindMark(text);
  if (mark == std::string_view::npos) {
    const std::size_t size = text.ends_with('\n') ? text.size() - 1 : text.size();
    const std::size_t line = text.substr(0, size).rfind('\n');
    return Error(text, line == std::string_view::npos ? 0 : line + 1,
                 {"the file does not end with a line `...`",
                  "add `...` as its last line, so that a file that was cut short never loads"});
  }
  const std::string_view rest = text.substr(mark);
  if (rest == "..." || rest == "...\n") return std::nullopt;
  return Error(text, mark,
               {"a line that starts with `...` may only be the last line, and nothing else",
                "separate documents by `---`, and end the file with one line `...`"});
}

}  // namespace behalf::loader
