#include <algorithm>

#include "absl/strings/str_join.h"
#include "absl/strings/str_split.h"
#include "daemon/cli/actions.h"
#include "daemon/cli/exit_code.h"
#include "daemon/cli/pages.h"
#include "daemon/cli/text.h"

namespace behalf::cli {
namespace {

constexpr std::size_t kColumns = 96;

// The words with blanks or line breaks between them; each line after the first
// stands behind `indent` blanks, as the first does already.
std::string Wrapped(const std::vector<std::string>& words, std::size_t indent) {
  std::string out;
  std::size_t column = indent;
  for (const std::string& word : words) {
    if (column > indent && column + 1 + word.size() > kColumns) {
      out.append("\n").append(indent, ' ');
      column = indent;
    }
    if (column > indent) out.push_back(' ');
    column += word.size() + (column > indent ? 1 : 0);
    out.append(word);
  }
  return out;
}

std::string Wrapped(const std::string& text, std::size_t indent) {
  return Wrapped(std::vector<std::string>(absl::StrSplit(text, ' ')), indent);
}

using Rows = std::vector<std::pair<std::string, std::string>>;

std::string TwoColumns(const Rows& rows) {
  std::size_t width = 0;
  for (const auto& row : rows) width = std::max(width, row.first.size());
  std::string out;
  for (const auto& [left, right] : rows) {
    const std::string gap(width - left.size() + 2, ' ');
    out.append(Concat({"  ", left, gap, Wrapped(right, width + 4), "\n"}));
  }
  return out;
}

std::string ListOf(std::string_view noun) {
  Rows rows;
  for (const Command& command : Commands()) {
    if (noun.empty() || command.noun == noun) rows.emplace_back(command.name(), command.summary);
  }
  return TwoColumns(rows);
}

Rows FlagRows(const Command& command) {
  Rows rows;
  for (const Flag& flag : command.flags) rows.emplace_back(FlagUsage(flag), FlagDoc(flag));
  rows.emplace_back("-h, --help", "explain this command");
  return rows;
}

}  // namespace

std::vector<std::string> SynopsisParts(const Command& command) {
  std::vector<std::string> parts = {Concat({"behalf ", command.name()})};
  for (const Flag& flag : command.flags) {
    std::string usage = Concat({"--", flag.name, flag.value.empty() ? "" : " ", flag.value});
    if (flag.use != Flag::Use::kRequired) usage = Concat({"[", usage, "]"});
    if (flag.use == Flag::Use::kRepeated) usage.append("...");
    parts.push_back(std::move(usage));
  }
  if (!command.operands.usage.empty()) parts.push_back(command.operands.usage);
  return parts;
}

std::string Synopsis(const Command& command) { return absl::StrJoin(SynopsisParts(command), " "); }

std::string FlagUsage(const Flag& flag) {
  std::string out;
  if (flag.letter != 0) out.append({'-', flag.letter, ',', ' '});
  out.append("--" + flag.name);
  if (!flag.value.empty()) out.append(" " + flag.value);
  return out;
}

std::string FlagDoc(const Flag& flag) {
  return flag.use == Flag::Use::kRequired ? "required: " + flag.doc : flag.doc;
}

std::string Overview() {
  return Concat(
      {"behalf, for operators of behalfd: check blueprints, ask the daemon, try what agents and\n"
       "tools do.\n\nUsage:\n  behalf NOUN VERB [FLAGS]\n\nCommands:\n",
       ListOf(""),
       "\nExit codes:\n  0  done\n  1  findings, or the daemon refused\n  2  the command line is "
       "wrong\n  3  the daemon cannot be reached\n  4  a file cannot be read or written\n  5  the "
       "daemon refused to answer a question\n"
       "\nSee: behalf help NOUN VERB\n"});
}

std::string NounHelp(std::string_view noun) {
  return Concat({"Usage:\n  behalf ", noun, " VERB [FLAGS]\n\nCommands:\n", ListOf(noun),
                 "\nSee: behalf help ", noun, " VERB\n"});
}

std::string CommandHelp(const Command& command) {
  Rows exits;
  for (const Exit& exit : command.exits)
    exits.emplace_back(std::to_string(exit.code), exit.meaning);
  std::string out = Concat({command.summary, ".\n"});
  if (!command.details.empty()) out.append(Concat({"\n", Wrapped(command.details, 0), "\n"}));
  return Concat({out, "\nUsage:\n  ", Wrapped(SynopsisParts(command), 4), "\n\nFlags:\n",
                 TwoColumns(FlagRows(command)), "\nExample:\n  ", command.example,
                 "\n\nExit codes:\n", TwoColumns(exits)});
}

int ShowHelp(const Arguments& arguments, Console& console) {
  if (arguments.Has("man")) {
    console.out() << ManPage();
    return kOk;
  }
  const std::vector<std::string>& words = arguments.operands;
  if (words.empty()) {
    console.out() << Overview();
    return kOk;
  }
  const Command* command = FindCommand(words[0], words.size() > 1 ? words[1] : "");
  if (command != nullptr) {
    console.out() << CommandHelp(*command);
    return kOk;
  }
  if (words.size() == 1 && !VerbsOf(words[0]).empty()) {
    console.out() << NounHelp(words[0]);
    return kOk;
  }
  return console.Fail(absl::InvalidArgumentError("there is no such command; see: behalf help"));
}

}  // namespace behalf::cli
