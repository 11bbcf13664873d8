#include "tests/idp/message.h"

#include "absl/strings/ascii.h"
#include "absl/strings/escaping.h"
#include "absl/strings/str_split.h"

namespace behalf::idp {
namespace {

std::optional<std::string> Unescape(std::string_view text) {
  std::string plain;
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (text[i] != '%') {
      plain += text[i] == '+' ? ' ' : text[i];
      continue;
    }
    if (i + 2 >= text.size() || !absl::ascii_isxdigit(static_cast<unsigned char>(text[i + 1])) ||
        !absl::ascii_isxdigit(static_cast<unsigned char>(text[i + 2]))) {
      return std::nullopt;
    }
    plain += absl::HexStringToBytes({text.data() + i + 1, 2});
    i += 2;
  }
  return plain;
}

}  // namespace

std::optional<Form> Form::Parse(std::string_view text) {
  Form form;
  for (const absl::string_view pair :
       absl::StrSplit(absl::string_view(text.data(), text.size()), '&', absl::SkipEmpty())) {
    const std::string_view field(pair.data(), pair.size());
    const std::size_t equals = field.find('=');
    const auto name = Unescape(field.substr(0, equals));
    const auto value = equals == std::string_view::npos ? std::optional<std::string>("")
                                                        : Unescape(field.substr(equals + 1));
    if (!name.has_value() || !value.has_value()) return std::nullopt;
    if (!form.values_.emplace(*name, *value).second) return std::nullopt;
  }
  return form;
}

std::optional<std::string_view> Form::Get(std::string_view name) const {
  const auto found = values_.find(name);
  if (found == values_.end() || found->second.empty()) return std::nullopt;
  return found->second;
}

}  // namespace behalf::idp
