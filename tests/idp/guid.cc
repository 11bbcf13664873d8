#include "tests/idp/guid.h"

#include <algorithm>
#include <array>

#include "absl/strings/ascii.h"
#include "absl/strings/escaping.h"
#include "tests/idp/base64url.h"

namespace behalf::idp {
namespace {

constexpr std::array<std::size_t, 4> kDashes = {8, 13, 18, 23};

std::string Format(std::string_view bytes) {
  std::string text = absl::BytesToHexString({bytes.data(), bytes.size()});
  for (const std::size_t dash : kDashes) text.insert(dash, 1, '-');
  return text;
}

// Version 4, variant 1 (RFC 4122).
std::string FormatVersion4(std::string bytes) {
  bytes[6] = static_cast<char>((bytes[6] & 0x0f) | 0x40);
  bytes[8] = static_cast<char>((bytes[8] & 0x3f) | 0x80);
  return Format(bytes);
}

// .NET keeps the first three fields in the order of the machine.
std::string SwapFields(std::string bytes) {
  std::reverse(bytes.begin(), bytes.begin() + 4);
  std::reverse(bytes.begin() + 4, bytes.begin() + 6);
  std::reverse(bytes.begin() + 6, bytes.begin() + 8);
  return bytes;
}

}  // namespace

std::optional<std::string> ParseGuid(std::string_view text) {
  if (text.size() != 36) return std::nullopt;
  std::string guid;
  for (std::size_t i = 0; i < text.size(); ++i) {
    const bool dash = std::find(kDashes.begin(), kDashes.end(), i) != kDashes.end();
    const auto symbol = static_cast<unsigned char>(text[i]);
    if (dash ? symbol != '-' : !absl::ascii_isxdigit(symbol)) return std::nullopt;
    guid += absl::ascii_tolower(symbol);
  }
  return guid;
}

std::string RandomGuid(RandomSource& random) { return FormatVersion4(random.Bytes(16)); }

std::string DerivedGuid(std::string_view name) {
  return FormatVersion4(Sha256(name).substr(0, 16));
}

std::string CompactGuid(std::string_view guid) {
  std::string hex(guid);
  std::erase(hex, '-');
  return Base64Url(SwapFields(absl::HexStringToBytes(hex)));
}

std::optional<std::string> FromCompactGuid(std::string_view text) {
  const std::optional<std::string> bytes = FromBase64Url(text);
  if (!bytes.has_value() || bytes->size() != 16) return std::nullopt;
  return Format(SwapFields(*bytes));
}

}  // namespace behalf::idp
