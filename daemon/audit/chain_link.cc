#include "daemon/audit/chain_link.h"

#include <algorithm>
#include <charconv>
#include <cstddef>
#include <utility>

#include "absl/strings/str_cat.h"
#include "daemon/crypto/digest.h"
#include "daemon/crypto/random.h"

namespace behalf {
namespace {

constexpr std::size_t kChainBytes = 8;
constexpr std::size_t kDigestDigits = 64;
constexpr std::size_t kMostSeqDigits = 20;
constexpr std::size_t kSignatureDigits = 128;
constexpr std::string_view kEndOfLine = "}\n";
constexpr std::string_view kBeforeSignature = ",\"signature\":\"";
// No other signature of this key is of a text that begins so.
constexpr char kPurpose[] = "behalf audit head 1\n";

bool IsHex(std::string_view text) {
  return std::ranges::all_of(
      text, [](char c) { return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'f'); });
}

// Takes things off the end of a text.
class Backwards {
 public:
  explicit Backwards(std::string_view text) : text_(text) {}

  bool Take(std::string_view end) {
    if (!text_.ends_with(end)) return false;
    text_.remove_suffix(end.size());
    return true;
  }

  std::optional<std::string> TakeHex(std::size_t digits) {
    if (text_.size() < digits) return std::nullopt;
    std::string taken(text_.substr(text_.size() - digits));
    if (!IsHex(taken)) return std::nullopt;
    text_.remove_suffix(digits);
    return taken;
  }

  // As AddLink writes it: no sign, no leading zero.
  std::optional<std::uint64_t> TakeNumber() {
    const std::size_t before = text_.find_last_not_of("0123456789");
    const std::string_view digits = text_.substr(before + 1);
    if (digits.empty() || digits.size() > kMostSeqDigits || digits.front() == '0') {
      return std::nullopt;
    }
    std::uint64_t number = 0;
    const auto [end, error] = std::from_chars(digits.begin(), digits.end(), number);
    if (error != std::errc() || end != digits.end()) return std::nullopt;
    text_.remove_suffix(digits.size());
    return number;
  }

  std::string_view rest() const { return text_; }

 private:
  std::string_view text_;
};

unsigned ValueOf(char digit) {
  return static_cast<unsigned>(digit <= '9' ? digit - '0' : digit - 'a' + 10);
}

std::string FromHex(std::string_view hex) {
  std::string bytes;
  for (std::size_t i = 0; i < hex.size(); i += 2) {
    bytes += static_cast<char>(ValueOf(hex[i]) << 4U | ValueOf(hex[i + 1]));
  }
  return bytes;
}

// What stands before the signature, and its digits; nothing where there is none.
std::optional<std::pair<std::string_view, std::string>> CutSignature(std::string_view line) {
  Backwards rest(line);
  if (!rest.Take("\"}")) return std::nullopt;
  auto digits = rest.TakeHex(kSignatureDigits);
  if (!digits || !rest.Take(kBeforeSignature)) return std::nullopt;
  return std::pair(rest.rest(), *std::move(digits));
}

std::string MessageOf(std::string_view before) {
  return absl::StrCat(kPurpose, absl::string_view(before.data(), before.size()));
}

}  // namespace

ChainEnd NewChain() {
  return {.chain = Hex(RandomBytes(kChainBytes)), .seq = 0, .digest = kNoLine};
}

std::string DigestOfLine(std::string_view line) { return Hex(Sha256(line)); }

std::string WithDebris(std::string_view digest, std::string_view line) {
  return DigestOfLine(absl::StrCat(absl::string_view(digest.data(), digest.size()), "\n",
                                   absl::string_view(line.data(), line.size())));
}

void AddLink(std::string& line, const ChainLink& link) {
  line.resize(line.size() - kEndOfLine.size());
  absl::StrAppend(&line, ",\"chain\":\"", link.chain, "\",\"seq\":", link.seq, ",\"prev\":\"",
                  link.prev, "\"}\n");
}

void AddSignature(std::string& line, const Ed25519PrivateKey& key) {
  line.resize(line.size() - kEndOfLine.size());
  const std::string signature =
      Hex(key.Sign(MessageOf(std::string_view(line).substr(line.find('{')))));
  line.append(kBeforeSignature).append(signature).append("\"").append(kEndOfLine);
}

std::optional<SignedLine> SignedLineOf(std::string_view line) {
  const auto cut = CutSignature(line);
  if (!cut) return std::nullopt;
  return SignedLine{MessageOf(cut->first), FromHex(cut->second)};
}

// Within a text the quotes would stand behind backslashes.
std::optional<ChainLink> LinkOf(std::string_view line) {
  const auto cut = CutSignature(line);
  Backwards rest(cut ? cut->first : line);
  if (!line.starts_with('{') || !rest.Take(cut ? "\"" : "\"}")) return std::nullopt;
  auto prev = rest.TakeHex(kDigestDigits);
  if (!prev || !rest.Take(",\"prev\":\"")) return std::nullopt;
  const auto seq = rest.TakeNumber();
  if (!seq || !rest.Take("\",\"seq\":")) return std::nullopt;
  auto chain = rest.TakeHex(2 * kChainBytes);
  if (!chain || !rest.Take(",\"chain\":\"")) return std::nullopt;
  return ChainLink{*std::move(chain), *seq, *std::move(prev)};
}

}  // namespace behalf
