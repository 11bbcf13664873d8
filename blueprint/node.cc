#include "blueprint/node.h"

#include <algorithm>
#include <array>

#include "absl/strings/ascii.h"
#include "absl/strings/escaping.h"
#include "absl/strings/str_cat.h"

namespace behalf::loader {
namespace {

constexpr std::size_t kQuotedBytes = 80;

bool IsOneOf(std::string_view text, std::initializer_list<std::string_view> words) {
  return std::find(words.begin(), words.end(), text) != words.end();
}

bool IsNumber(std::string_view text) {
  if (!text.empty() && (text.front() == '-' || text.front() == '+')) text.remove_prefix(1);
  if (text.starts_with('.')) text.remove_prefix(1);
  if (text.empty() || !absl::ascii_isdigit(static_cast<unsigned char>(text.front()))) return false;
  if (text.starts_with("0x") || text.starts_with("0o")) return true;
  return text.find_first_not_of("0123456789_.eE+") == std::string_view::npos;
}

// The first bytes of `text`, without half a character at the end.
std::string_view Shorten(std::string_view text) {
  if (text.size() <= kQuotedBytes) return text;
  std::size_t size = kQuotedBytes;
  while (size > 0 && (static_cast<unsigned char>(text[size]) & 0xC0) == 0x80) --size;
  return text.substr(0, size);
}

}  // namespace

ScalarKind KindOf(const Node& scalar) {
  if (scalar.quoted) return ScalarKind::kText;
  const std::string lower = absl::AsciiStrToLower(scalar.text);
  if (IsOneOf(lower, {"", "~", "null"})) return ScalarKind::kNothing;
  if (IsOneOf(scalar.text, {"true", "false"})) return ScalarKind::kFlag;
  if (IsOneOf(lower, {"true", "false", "yes", "no", "on", "off", "y", "n"})) {
    return ScalarKind::kFlagLike;
  }
  return IsNumber(scalar.text) ? ScalarKind::kNumber : ScalarKind::kText;
}

bool IsText(const Node& node) {
  return node.kind == Node::Kind::kScalar && KindOf(node) == ScalarKind::kText;
}

std::string Describe(const Node& node) {
  if (node.kind == Node::Kind::kList) return "a list";
  if (node.kind == Node::Kind::kMap) return "a mapping";
  switch (KindOf(node)) {
    case ScalarKind::kNothing:
      return "nothing";
    case ScalarKind::kFlag:
    case ScalarKind::kFlagLike:
      return absl::StrCat("the word ", Quote(node.text), ", a boolean to YAML");
    case ScalarKind::kNumber:
      return absl::StrCat("the number ", Quote(node.text));
    case ScalarKind::kText:
      break;
  }
  return absl::StrCat("the text ", Quote(node.text));
}

std::string Quote(std::string_view text) {
  const std::string_view shown = Shorten(text);
  return absl::StrCat("`", absl::Utf8SafeCEscape({shown.data(), shown.size()}),
                      shown.size() < text.size() ? "...`" : "`");
}

}  // namespace behalf::loader
