#include "tests/idp/flags.h"

#include "absl/strings/str_cat.h"

namespace behalf::idp {

absl::StatusOr<Flags> Flags::Parse(const std::vector<std::string>& arguments,
                                   const std::set<std::string, std::less<>>& known) {
  Flags flags;
  for (std::size_t i = 0; i < arguments.size(); ++i) {
    const std::string& argument = arguments[i];
    if (!argument.starts_with("--")) {
      return absl::InvalidArgumentError(absl::StrCat("unexpected argument: ", argument));
    }
    const std::size_t equals = argument.find('=');
    const std::string name = argument.substr(2, equals == argument.npos ? equals : equals - 2);
    if (!known.contains(name)) {
      return absl::InvalidArgumentError(absl::StrCat("unknown flag: --", name));
    }
    if (equals == argument.npos && ++i == arguments.size()) {
      return absl::InvalidArgumentError(absl::StrCat("--", name, " needs a value"));
    }
    const std::string value = equals == argument.npos ? arguments[i] : argument.substr(equals + 1);
    if (!flags.values_.emplace(name, value).second) {
      return absl::InvalidArgumentError(absl::StrCat("--", name, " is given twice"));
    }
  }
  return flags;
}

std::optional<std::string> Flags::Get(std::string_view name) const {
  const auto found = values_.find(name);
  if (found == values_.end()) return std::nullopt;
  return found->second;
}

std::string Flags::GetOr(std::string_view name, std::string_view otherwise) const {
  return Get(name).value_or(std::string(otherwise));
}

absl::StatusOr<std::string> Flags::Need(std::string_view name) const {
  if (const auto value = Get(name)) return *value;
  return absl::InvalidArgumentError(std::string("--").append(name).append(" is missing"));
}

}  // namespace behalf::idp
