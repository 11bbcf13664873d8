#include <charconv>
#include <limits>
#include <optional>

#include "absl/strings/ascii.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "blueprint/values.h"

namespace behalf::loader {
namespace {

constexpr absl::Duration kLongest = absl::Hours(24);

bool IsDigit(char c) { return absl::ascii_isdigit(static_cast<unsigned char>(c)); }

// Decimal digits and nothing else.
template <class N>
std::optional<N> ParseNumber(std::string_view text) {
  N number{};
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
  if (error != std::errc{} || end != text.data() + text.size()) return std::nullopt;
  return text.empty() || !IsDigit(text.front()) ? std::nullopt : std::optional(number);
}

bool IsPlainNumber(const Node& node) {
  return node.kind == Node::Kind::kScalar && KindOf(node) == ScalarKind::kNumber;
}

TypeInfo DurationInfo(std::string what, std::string example) {
  return {.form = TypeInfo::Form::kText,
          .what = std::move(what),
          .example = std::move(example),
          .pattern = "^(?=.)([0-9]{1,5}h)?([0-9]{1,5}m)?([0-9]{1,5}s)?$",
          .most_bytes = 18};
}

// Hours, minutes and seconds, in this order, each at most once.
std::optional<absl::Duration> ParseDuration(std::string_view text) {
  absl::Duration sum;
  std::string_view units = "hms";
  while (!text.empty()) {
    const auto digits = std::min(text.find_first_not_of("0123456789"), text.size() - 1);
    const auto unit = units.find(text[digits]);
    const auto number = ParseNumber<int>(text.substr(0, digits));
    if (!number || *number > 99999 || unit == std::string_view::npos) return std::nullopt;
    sum += *number * (text[digits] == 'h'   ? absl::Hours(1)
                      : text[digits] == 'm' ? absl::Minutes(1)
                                            : absl::Seconds(1));
    units.remove_prefix(unit + 1);
    text.remove_prefix(digits + 1);
  }
  return sum;
}

Type<absl::Duration> Duration(TypeInfo info, absl::Duration least,
                              absl::Duration longest = kLongest) {
  auto read = [info, least, longest](const Node& node, absl::Duration& out, Binder& binder) {
    if (IsPlainNumber(node)) {
      binder.Error(node, absl::StrCat(binder.subject(), " has no unit"),
                   absl::StrFormat("write %ss, %sm or %sh: seconds, minutes or hours", node.text,
                                   node.text, node.text));
      return;
    }
    const auto text = ReadText(node, info, binder);
    if (!text) return;
    const auto duration = ParseDuration(*text);
    if (!duration || *duration < least || *duration > longest) {
      binder.Mismatch(node, info, Describe(node));
      return;
    }
    out = *duration;
  };
  auto write = [](const absl::Duration& value, Canon& canon) {
    canon.Text(absl::StrCat(absl::ToInt64Seconds(value)));
  };
  return {info, std::move(read), std::move(write)};
}

std::optional<std::int64_t> ParseSize(std::string_view text) {
  const std::pair<std::string_view, int> units[] = {{"KiB", 10}, {"MiB", 20}, {"GiB", 30}};
  for (const auto& [unit, shift] : units) {
    if (!text.ends_with(unit)) continue;
    const auto number = ParseNumber<int>(text.substr(0, text.size() - unit.size()));
    if (!number) return std::nullopt;
    return static_cast<std::int64_t>(*number) << shift;
  }
  return ParseNumber<std::int64_t>(text);
}

Type<std::string> Account(std::string what, std::string example) {
  Type<std::string> type = TextType({.form = TypeInfo::Form::kAccount,
                                     .what = std::move(what),
                                     .example = std::move(example),
                                     .pattern = "^[A-Za-z0-9_][A-Za-z0-9_.@-]*\\$?$",
                                     .most_bytes = 64});
  const auto read_text = type.read;
  type.read = [read_text](const Node& node, std::string& out, Binder& binder) {
    if (!IsPlainNumber(node)) return read_text(node, out, binder);
    Node text = node;
    text.quoted = true;
    if (ParseNumber<std::uint32_t>(node.text)) return read_text(text, out, binder);
    binder.Error(node, absl::StrCat(binder.subject(), " cannot be the number ", Quote(node.text)),
                 "write a name, or a number in decimal digits");
  };
  return type;
}

}  // namespace

Type<std::string> UserName(std::string example) {
  return Account("a user's name or number", std::move(example));
}
Type<std::string> GroupName(std::string example) {
  return Account("a group's name or number", std::move(example));
}

Type<bool> Flag() {
  TypeInfo info{
      .form = TypeInfo::Form::kFlag, .what = "true or false", .example = "true", .pattern = {}};
  auto read = [info](const Node& node, bool& out, Binder& binder) {
    if (node.kind == Node::Kind::kScalar && KindOf(node) == ScalarKind::kFlag) {
      out = node.text == "true";
    } else {
      binder.Mismatch(node, info, Describe(node));
    }
  };
  auto write = [](const bool& value, Canon& canon) { canon.Text(value ? "true" : "false"); };
  return {info, std::move(read), std::move(write)};
}

Type<bool> Marker() {
  TypeInfo info{.form = TypeInfo::Form::kFlag,
                .what = "true",
                .example = "true",
                .pattern = {},
                .choices = {"true"}};
  auto read = [info](const Node& node, bool& out, Binder& binder) {
    out = node.kind == Node::Kind::kScalar && KindOf(node) == ScalarKind::kFlag &&
          node.text == "true";
    if (out) return;
    binder.Error(node,
                 absl::StrCat(binder.subject(), " can only be true, and this is ", Describe(node)),
                 "write true, or leave the key out");
  };
  return {info, std::move(read), Flag().write};
}

Type<int> Count() {
  TypeInfo info{.form = TypeInfo::Form::kCount,
                .what = "a whole number from 1",
                .example = "1000",
                .pattern = {}};
  auto read = [info](const Node& node, int& out, Binder& binder) {
    const auto number = IsPlainNumber(node) ? ParseNumber<int>(node.text) : std::nullopt;
    if (!number || *number < 1) return binder.Mismatch(node, info, Describe(node));
    out = *number;
  };
  auto write = [](const int& value, Canon& canon) { canon.Text(absl::StrCat(value)); };
  return {info, std::move(read), std::move(write)};
}

Type<std::int64_t> Size() {
  TypeInfo info{.form = TypeInfo::Form::kSize,
                .what = "a number of bytes, or one of KiB, MiB or GiB",
                .example = "64MiB",
                .pattern = "^[1-9][0-9]{0,9}([KMG]iB)?$"};
  auto read = [info](const Node& node, std::int64_t& out, Binder& binder) {
    const bool scalar = node.kind == Node::Kind::kScalar;
    const auto size = scalar && node.text.size() < 16 ? ParseSize(node.text) : std::nullopt;
    if (!size || *size < 1) return binder.Mismatch(node, info, Describe(node));
    out = *size;
  };
  auto write = [](const std::int64_t& value, Canon& canon) { canon.Text(absl::StrCat(value)); };
  return {info, std::move(read), std::move(write)};
}

Type<absl::Duration> Positive(std::string example) {
  return Duration(
      DurationInfo("a duration such as 45s, 90m or 1h30m, up to 24h", std::move(example)),
      absl::Seconds(1));
}

Type<absl::Duration> PositiveOrZero(std::string example) {
  return Duration(
      DurationInfo("a duration such as 0s, 45s, 90m or 1h30m, up to 24h", std::move(example)),
      absl::ZeroDuration());
}

Type<absl::Duration> Age(std::string example) {
  return Duration(DurationInfo("a duration such as 45s, 15m or 8h, up to 720h", std::move(example)),
                  absl::Seconds(1), absl::Hours(720));
}

Type<mode_t> SocketMode() {
  const Type<std::string> digits =
      TextType({.form = TypeInfo::Form::kText,
                .what = "four octal digits in quotes, for reading and writing only",
                .example = "\"0660\"",
                .pattern = "^0[0246]{3}$",
                .most_bytes = 4});
  auto read = [digits](const Node& node, mode_t& out, Binder& binder) {
    std::string text;
    digits.read(node, text, binder);
    if (text.empty()) return;
    out = 0;
    for (const char digit : text) out = out << 3 | static_cast<mode_t>(digit - '0');
  };
  auto write = [](const mode_t& value, Canon& canon) {
    canon.Text(absl::StrFormat("%04o", value));
  };
  return {digits.info, std::move(read), std::move(write)};
}

}  // namespace behalf::loader
