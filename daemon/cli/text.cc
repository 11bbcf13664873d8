#include "daemon/cli/text.h"

#include <algorithm>
#include <cstdint>

#include "absl/strings/ascii.h"
#include "absl/strings/str_format.h"

namespace behalf::cli {
namespace {

std::uint8_t At(std::string_view text, std::size_t i) { return static_cast<std::uint8_t>(text[i]); }

std::size_t LengthByLead(std::uint8_t lead) {
  if (lead < 0x80) return 1;
  if (lead >= 0xC2 && lead <= 0xDF) return 2;
  if ((lead & 0xF0) == 0xE0) return 3;
  if (lead >= 0xF0 && lead <= 0xF4) return 4;
  return 0;
}

// What RFC 3629 excludes by the second byte: overlong forms, surrogates, and
// what lies beyond U+10FFFF.
bool SecondByteFits(std::uint8_t lead, std::uint8_t second) {
  if (lead == 0xE0) return second >= 0xA0;
  if (lead == 0xED) return second <= 0x9F;
  if (lead == 0xF0) return second >= 0x90;
  if (lead == 0xF4) return second <= 0x8F;
  return true;
}

bool Between(std::string_view sequence, std::string_view first, std::string_view last) {
  return sequence >= first && sequence <= last;
}

// UTF-8 sorts as code points do.
bool Steers(std::string_view sequence) {
  return Between(sequence, "\xC2\x80", "\xC2\x9F") || sequence == "\xD8\x9C" ||
         Between(sequence, "\xE2\x80\x8E", "\xE2\x80\x8F") ||
         Between(sequence, "\xE2\x80\xA8", "\xE2\x80\xAE") ||
         Between(sequence, "\xE2\x81\xA6", "\xE2\x81\xA9");
}

bool IsControl(std::string_view sequence) {
  const std::uint8_t lead = At(sequence, 0);
  if (sequence.size() > 1) return Steers(sequence);
  return (lead < 0x20 || lead == 0x7F) && lead != '\n' && lead != '\t';
}

void AppendEscaped(std::string& out, std::string_view bytes) {
  for (std::size_t i = 0; i < bytes.size(); ++i)
    absl::StrAppendFormat(&out, "\\x%02x", At(bytes, i));
}

}  // namespace

std::string Concat(std::initializer_list<std::string_view> parts) {
  std::string out;
  for (const std::string_view part : parts) out.append(part);
  return out;
}

std::size_t Utf8SequenceLength(std::string_view text) {
  if (text.empty()) return 0;
  const std::size_t length = LengthByLead(At(text, 0));
  if (length == 0 || text.size() < length) return 0;
  for (std::size_t i = 1; i < length; ++i) {
    if ((At(text, i) & 0xC0) != 0x80) return 0;
  }
  return length == 1 || SecondByteFits(At(text, 0), At(text, 1)) ? length : 0;
}

std::string Printable(std::string_view text) {
  std::string out;
  while (!text.empty()) {
    const std::size_t length = Utf8SequenceLength(text);
    const std::string_view head = text.substr(0, length == 0 ? 1 : length);
    if (length == 0 || IsControl(head)) {
      AppendEscaped(out, head);
    } else {
      out.append(head);
    }
    text.remove_prefix(head.size());
  }
  return out;
}

std::string PrintableOnOneLine(std::string_view text) {
  std::string line = Printable(text);
  std::ranges::replace_if(line, [](char c) { return c == '\n' || c == '\t'; }, ' ');
  return line;
}

bool IsPrintableOnOneLine(std::string_view text) { return PrintableOnOneLine(text) == text; }

bool IsPlainWord(std::string_view word) {
  return word.size() <= 24 && std::ranges::all_of(word, [](char c) {
           return absl::ascii_isalpha(static_cast<unsigned char>(c)) || c == '-';
         });
}

}  // namespace behalf::cli
