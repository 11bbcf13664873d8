#include "daemon/cli/arguments.h"

#include <algorithm>
#include <optional>

#include "absl/strings/str_join.h"
#include "blueprint/suggest.h"
#include "daemon/cli/command.h"
#include "daemon/cli/text.h"

namespace behalf::cli {
namespace {

absl::Status Wrong(std::initializer_list<std::string_view> parts) {
  return absl::InvalidArgumentError(Concat(parts));
}

class Parser {
 public:
  Parser(const Command& command, std::span<const std::string> words)
      : command_(command), words_(words) {}

  absl::StatusOr<Arguments> Parse() {
    while (next_ < words_.size()) {
      if (absl::Status status = Word(words_[next_++]); !status.ok()) return status;
    }
    if (!result_.help) {
      if (absl::Status status = CheckComplete(); !status.ok()) return status;
    }
    return std::move(result_);
  }

 private:
  absl::Status Word(const std::string& word) {
    if (only_operands_ || word.size() < 2 || word[0] != '-') {
      result_.operands.push_back(word);
      return absl::OkStatus();
    }
    if (word == "--") {
      only_operands_ = true;
      return absl::OkStatus();
    }
    return word[1] == '-' ? LongFlag(word) : ShortFlag(word);
  }

  absl::Status LongFlag(const std::string& word) {
    const auto equals = word.find('=');
    const std::string name = word.substr(2, equals == word.npos ? word.npos : equals - 2);
    std::optional<std::string> value;
    if (equals != word.npos) value = word.substr(equals + 1);
    if (name == "help" && !value) return Help();
    const Flag* flag = command_.FindFlag(name);
    if (flag == nullptr) {
      return Wrong({command_.name(), " has no such flag", IsPlainWord(name) ? ": --" + name : "",
                    "; ", loader::Suggest("--" + name, FlagNames())});
    }
    return Take(*flag, value);
  }

  absl::Status ShortFlag(const std::string& word) {
    if (word == "-h") return Help();
    const auto it = std::ranges::find(command_.flags, word[1], &Flag::letter);
    if (it == command_.flags.end())
      return Wrong({command_.name(), " has no such flag: ", word.substr(0, 2)});
    std::optional<std::string> value;
    if (word.size() > 2) value = word.substr(2);
    return Take(*it, value);
  }

  absl::Status Help() {
    result_.help = true;
    return absl::OkStatus();
  }

  absl::Status Take(const Flag& flag, std::optional<std::string> value) {
    std::vector<std::string>& values = result_.flags[flag.name];
    if (!values.empty() && flag.use != Flag::Use::kRepeated) {
      return Wrong({"--", flag.name, " is given twice"});
    }
    if (flag.value.empty()) {
      if (value) return Wrong({"--", flag.name, " takes no value"});
      values.emplace_back();
      return absl::OkStatus();
    }
    if (!value && next_ < words_.size() && !LooksLikeFlag(words_[next_])) value = words_[next_++];
    if (!value || value->empty()) return Wrong({"--", flag.name, " needs a value: ", flag.value});
    if (!flag.choices.empty() && std::ranges::find(flag.choices, *value) == flag.choices.end()) {
      return Wrong({"--", flag.name, " is one of: ", absl::StrJoin(flag.choices, ", ")});
    }
    values.push_back(*value);
    return absl::OkStatus();
  }

  absl::Status CheckComplete() const {
    for (const Flag& flag : command_.flags) {
      if (flag.use == Flag::Use::kRequired && !result_.Has(flag.name)) {
        return Wrong({command_.name(), " needs --", flag.name, " ", flag.value});
      }
    }
    const Operands& operands = command_.operands;
    if (result_.operands.size() > operands.most) {
      return operands.most == 0 ? Wrong({command_.name(), " takes flags only"})
                                : Wrong({command_.name(), " takes no more than ", operands.usage});
    }
    if (result_.operands.size() < operands.least) {
      return Wrong({command_.name(), " needs ", operands.usage});
    }
    return absl::OkStatus();
  }

  static bool LooksLikeFlag(const std::string& word) { return word.size() > 1 && word[0] == '-'; }

  std::vector<std::string> FlagNames() const {
    std::vector<std::string> names = {"--help"};
    for (const Flag& flag : command_.flags) names.push_back("--" + flag.name);
    return names;
  }

  const Command& command_;
  const std::span<const std::string> words_;
  std::size_t next_ = 0;
  bool only_operands_ = false;
  Arguments result_;
};

}  // namespace

std::string Arguments::Value(std::string_view flag, std::string_view otherwise) const {
  const auto it = flags.find(flag);
  return std::string(it == flags.end() ? otherwise : it->second.front());
}

std::vector<std::string> Arguments::Values(std::string_view flag) const {
  const auto it = flags.find(flag);
  return it == flags.end() ? std::vector<std::string>() : it->second;
}

absl::StatusOr<Arguments> ParseArguments(const Command& command,
                                         std::span<const std::string> words) {
  return Parser(command, words).Parse();
}

absl::StatusOr<absl::Duration> ParseDurationOf(std::string_view flag, const std::string& text) {
  absl::Duration duration;
  if (!absl::ParseDuration(text, &duration) || duration <= absl::ZeroDuration() ||
      duration > absl::Hours(1)) {
    return Wrong({"--", flag, " is a duration such as 30s or 2m, at most 1h"});
  }
  return duration;
}

}  // namespace behalf::cli
