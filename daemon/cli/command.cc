#include "daemon/cli/command.h"

#include <algorithm>

namespace behalf::cli {

const Flag* Command::FindFlag(std::string_view flag) const {
  const auto it = std::ranges::find(flags, flag, &Flag::name);
  return it == flags.end() ? nullptr : &*it;
}

const Command* FindCommand(std::string_view noun, std::string_view verb) {
  const auto it = std::ranges::find_if(Commands(), [&](const Command& command) {
    return command.noun == noun && command.verb == verb;
  });
  return it == Commands().end() ? nullptr : &*it;
}

std::vector<std::string> Nouns() {
  std::vector<std::string> nouns;
  for (const Command& command : Commands()) {
    if (std::ranges::find(nouns, command.noun) == nouns.end()) nouns.push_back(command.noun);
  }
  return nouns;
}

std::vector<std::string> VerbsOf(std::string_view noun) {
  std::vector<std::string> verbs;
  for (const Command& command : Commands()) {
    if (command.noun == noun && !command.verb.empty()) verbs.push_back(command.verb);
  }
  return verbs;
}

}  // namespace behalf::cli
