#include "daemon/jose/base64url.h"

#include <array>
#include <cstddef>
#include <cstdint>

namespace behalf {
namespace {

constexpr std::string_view kAlphabet =
    "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
constexpr std::uint8_t kForeign = 0x80;  // outside the six bits of a value

constexpr std::array<std::uint8_t, 256> ReverseAlphabet() {
  std::array<std::uint8_t, 256> values{};
  values.fill(kForeign);
  for (std::size_t i = 0; i < kAlphabet.size(); ++i) {
    values[static_cast<unsigned char>(kAlphabet[i])] = static_cast<std::uint8_t>(i);
  }
  return values;
}

constexpr std::array<std::uint8_t, 256> kValues = ReverseAlphabet();

std::uint32_t Value(char digit) { return kValues[static_cast<unsigned char>(digit)]; }

}  // namespace

std::string Base64UrlEncode(std::string_view bytes) {
  std::string text;
  text.reserve((bytes.size() * 4 + 2) / 3);
  std::uint32_t bits = 0;
  int count = 0;
  for (const char byte : bytes) {
    bits = bits << 8 | static_cast<unsigned char>(byte);
    for (count += 8; count >= 6; count -= 6) text.push_back(kAlphabet[bits >> (count - 6) & 0x3F]);
  }
  if (count > 0) text.push_back(kAlphabet[bits << (6 - count) & 0x3F]);
  return text;
}

std::optional<std::string> Base64UrlDecode(std::string_view text) {
  const std::size_t tail = text.size() % 4;
  if (tail == 1) return std::nullopt;
  std::string bytes(text.size() * 3 / 4, '\0');
  std::size_t out = 0;
  std::uint32_t foreign = 0;

  std::size_t in = 0;
  for (; in + 4 <= text.size(); in += 4) {
    const std::uint32_t a = Value(text[in]), b = Value(text[in + 1]);
    const std::uint32_t c = Value(text[in + 2]), d = Value(text[in + 3]);
    foreign |= a | b | c | d;
    const std::uint32_t bits = a << 18 | b << 12 | c << 6 | d;
    bytes[out++] = static_cast<char>(bits >> 16);
    bytes[out++] = static_cast<char>(bits >> 8);
    bytes[out++] = static_cast<char>(bits);
  }
  if (tail > 0) {
    const std::uint32_t a = Value(text[in]), b = Value(text[in + 1]);
    const std::uint32_t c = tail == 3 ? Value(text[in + 2]) : 0;
    foreign |= a | b | c;
    const std::uint32_t bits = a << 18 | b << 12 | c << 6;
    bytes[out++] = static_cast<char>(bits >> 16);
    if (tail == 3) bytes[out++] = static_cast<char>(bits >> 8);
    const std::uint32_t unused = tail == 3 ? bits & 0xFF : bits & 0xFFFF;
    if (unused != 0) return std::nullopt;
  }
  if ((foreign & kForeign) != 0) return std::nullopt;
  return bytes;
}

}  // namespace behalf
