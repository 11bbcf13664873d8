#include <set>

#include "absl/strings/str_join.h"
#include "absl/strings/str_replace.h"
#include "daemon/cli/actions.h"
#include "daemon/cli/exit_code.h"
#include "daemon/cli/pages.h"
#include "daemon/cli/text.h"

namespace behalf::cli {
namespace {

constexpr char kBash[] = R"(# bash completion for behalf(1)
_behalf() {
  local current=${COMP_WORDS[COMP_CWORD]} previous=${COMP_WORDS[COMP_CWORD-1]} words= files=
  case "$COMP_CWORD:${COMP_WORDS[1]}" in
@VERBS@    *)
      case "$previous" in
        @FILE_FLAGS@) files=yes ;;
@CHOICES@        *)
          case "${COMP_WORDS[1]} ${COMP_WORDS[2]}" in
@COMMANDS@          esac ;;
      esac ;;
  esac
  COMPREPLY=()
  if [ -n "$files" ]; then
    compopt -o filenames 2>/dev/null
    mapfile -t COMPREPLY < <(compgen -f -- "$current")
  fi
  mapfile -t -O "${#COMPREPLY[@]}" COMPREPLY < <(compgen -W "$words" -- "$current")
}
complete -F _behalf behalf
)";

constexpr char kZsh[] = R"(#compdef behalf
# zsh completion for behalf(1)
_behalf() {
  local -a entries
  case "$CURRENT:$words[2]" in
@VERBS@    *)
      case "$words[2] $words[3]" in
@COMMANDS@      esac ;;
  esac
}
if [ "$funcstack[1]" = _behalf ]; then _behalf "$@"; else compdef _behalf behalf; fi
)";

std::string Quoted(const std::string& text) {
  return Concat({"'", absl::StrReplaceAll(text, {{"'", "'\\''"}}), "'"});
}

std::string FishQuoted(const std::string& text) {
  return Concat({"'", absl::StrReplaceAll(text, {{"\\", "\\\\"}, {"'", "\\'"}}), "'"});
}

bool NamesFile(const Flag& flag) { return flag.value.starts_with("FILE") || flag.value == "PATH"; }
bool TakesPaths(const Command& command) { return command.operands.usage.starts_with("PATH"); }

// Flags that `accepts`, of all commands, as alternatives of a shell's pattern.
std::string Pattern(bool (*accepts)(const Flag&)) {
  std::set<std::string> names;
  for (const Command& command : Commands()) {
    for (const Flag& flag : command.flags) {
      if (!accepts(flag)) continue;
      names.insert("--" + flag.name);
      if (flag.letter != 0) names.insert({'-', flag.letter});
    }
  }
  return absl::StrJoin(names, "|");
}

// What can follow the noun, or `behalf` itself, with what it is about.
using Words = std::vector<std::pair<std::string, std::string>>;

Words NounWords() {
  Words words;
  for (const std::string& noun : Nouns()) {
    const Command* command = FindCommand(noun, "");
    words.emplace_back(noun, command ? command->summary : absl::StrJoin(VerbsOf(noun), ", "));
  }
  return words;
}

Words VerbWords(const std::string& noun) {
  Words words;
  for (const std::string& verb : VerbsOf(noun)) {
    words.emplace_back(verb, FindCommand(noun, verb)->summary);
  }
  return words;
}

std::string BashFlags(const Command& command) {
  std::vector<std::string> words = command.operands.choices;
  for (const Flag& flag : command.flags) words.push_back("--" + flag.name);
  words.push_back("--help");
  return absl::StrJoin(words, " ");
}

std::string BashVerbs() {
  std::string out = Concat(
      {"    1:*) words=", Quoted(absl::StrJoin(Nouns(), " ") + " --help --version"), " ;;\n"});
  for (const std::string& noun : Nouns()) {
    const auto verbs = VerbsOf(noun);
    if (verbs.empty()) continue;
    out.append(Concat({"    2:", noun, ") words=", Quoted(absl::StrJoin(verbs, " ")), " ;;\n"}));
  }
  return out;
}

std::string BashChoices() {
  const std::string flags = Pattern([](const Flag& flag) { return !flag.choices.empty(); });
  return Concat({"        ", flags, ") words='table json' ;;\n"});
}

std::string BashScript() {
  std::string commands;
  for (const Command& command : Commands()) {
    commands.append(Concat({"            ", Quoted(command.noun + " " + command.verb),
                            "*) words=", Quoted(BashFlags(command)),
                            TakesPaths(command) ? " files=yes" : "", " ;;\n"}));
  }
  return absl::StrReplaceAll(kBash, {{"@VERBS@", BashVerbs()},
                                     {"@FILE_FLAGS@", Pattern(NamesFile)},
                                     {"@CHOICES@", BashChoices()},
                                     {"@COMMANDS@", commands}});
}

std::string ZshDescribe(std::string_view condition, const Words& words) {
  std::string out = Concat({"    ", condition, ") entries=("});
  for (const auto& [word, summary] : words) out.append(Quoted(word + ":" + summary) + " ");
  return out + "); _describe command entries ;;\n";
}

std::string ZshFlag(const Flag& flag) {
  const std::string doc = absl::StrReplaceAll(flag.doc, {{"[", "\\["}, {"]", "\\]"}, {":", "\\:"}});
  std::string spec = Concat({"--", flag.name, "[", doc, "]"});
  if (flag.use == Flag::Use::kRepeated) spec.insert(0, "*");
  if (flag.value.empty()) return Quoted(spec);
  const std::string what = !flag.choices.empty()
                               ? Concat({"(", absl::StrJoin(flag.choices, " "), ")"})
                               : (NamesFile(flag) ? "_files" : "");
  return Quoted(Concat({spec, ":", flag.value, ":", what}));
}

std::string ZshCommand(const Command& command) {
  std::string out = Concat(
      {"        ", Quoted(command.noun + " " + command.verb), "*) _arguments '--help[explain]'"});
  for (const Flag& flag : command.flags) out.append(" " + ZshFlag(flag));
  if (TakesPaths(command)) out.append(" '*:path:_files'");
  if (!command.operands.choices.empty()) {
    out.append(Concat({" '*:choice:(", absl::StrJoin(command.operands.choices, " "), ")'"}));
  }
  return out + " ;;\n";
}

std::string ZshScript() {
  std::string verbs = ZshDescribe("2:*", NounWords());
  for (const std::string& noun : Nouns()) {
    if (!VerbsOf(noun).empty()) verbs.append(ZshDescribe("3:" + noun, VerbWords(noun)));
  }
  std::string commands;
  for (const Command& command : Commands()) commands.append(ZshCommand(command));
  return absl::StrReplaceAll(kZsh, {{"@VERBS@", verbs}, {"@COMMANDS@", commands}});
}

std::string FishLine(const std::string& condition, const std::string& what,
                     const std::string& doc) {
  return Concat(
      {"complete -c behalf -n ", FishQuoted(condition), " ", what, " -d ", FishQuoted(doc), "\n"});
}

std::string FishFlag(const Flag& flag) {
  std::string out = "-l " + flag.name;
  if (flag.letter != 0) out.append({' ', '-', 's', ' ', flag.letter});
  if (flag.value.empty()) return out;
  if (NamesFile(flag)) return out + " -r -F";
  if (flag.choices.empty()) return out + " -x";
  return Concat({out, " -x -a ", FishQuoted(absl::StrJoin(flag.choices, " "))});
}

std::string FishCommand(const Command& command) {
  std::string seen = "__fish_seen_subcommand_from " + command.noun;
  std::string out;
  if (!command.verb.empty()) {
    const std::string verbs = absl::StrJoin(VerbsOf(command.noun), " ");
    out.append(FishLine(Concat({seen, "; and not __fish_seen_subcommand_from ", verbs}),
                        "-a " + command.verb, command.summary));
    seen.append("; and __fish_seen_subcommand_from " + command.verb);
  }
  for (const Flag& flag : command.flags) out.append(FishLine(seen, FishFlag(flag), flag.doc));
  if (TakesPaths(command)) out.append(FishLine(seen, "-F", "path"));
  for (const std::string& choice : command.operands.choices) {
    out.append(FishLine(seen, "-a " + choice, choice));
  }
  return out;
}

std::string FishScript() {
  std::string out = "# fish completion for behalf(1)\ncomplete -c behalf -f\n";
  for (const auto& [noun, summary] : NounWords()) {
    out.append(FishLine("__fish_use_subcommand", "-a " + noun, summary));
  }
  for (const Command& command : Commands()) out.append(FishCommand(command));
  return out;
}

}  // namespace

std::string CompletionScript(std::string_view shell) {
  if (shell == "bash") return BashScript();
  if (shell == "zsh") return ZshScript();
  if (shell == "fish") return FishScript();
  return "";
}

int ShowCompletion(const Arguments& arguments, Console& console) {
  const std::string script = CompletionScript(arguments.operands[0]);
  if (script.empty()) {
    return console.Fail(absl::InvalidArgumentError("completion is for bash, zsh or fish"));
  }
  console.out() << script;
  return kOk;
}

}  // namespace behalf::cli
