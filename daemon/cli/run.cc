#include "daemon/cli/run.h"

#include "absl/strings/str_join.h"
#include "blueprint/suggest.h"
#include "daemon/cli/command.h"
#include "daemon/cli/exit_code.h"
#include "daemon/cli/pages.h"
#include "daemon/cli/text.h"

namespace behalf::cli {
namespace {

using Words = std::span<const std::string>;

bool AsksForHelp(const std::string& word) { return word == "--help" || word == "-h"; }

int Usage(Console& console, std::initializer_list<std::string_view> parts, std::string_view more) {
  const int code = console.Fail(absl::InvalidArgumentError(Concat(parts)));
  console.err() << "See: " << more << '\n';
  return code;
}

std::string Quoted(const std::string& word) {
  return IsPlainWord(word) ? Concat({" '", word, "'"}) : "";
}

int RunCommand(const Command& command, Words words, Console& console) {
  const absl::StatusOr<Arguments> arguments = ParseArguments(command, words);
  if (!arguments.ok()) {
    const int code = console.Fail(arguments.status());
    console.err() << "See: behalf help " << command.name() << '\n';
    return code;
  }
  if (arguments->help) {
    console.out() << CommandHelp(command);
    return kOk;
  }
  if (arguments->Value("output") == "json") console.set_format(Format::kJson);
  return command.run(*arguments, console);
}

int RunNoun(const std::string& noun, Words words, Console& console) {
  const std::vector<std::string> verbs = VerbsOf(noun);
  const std::string see = Concat({"behalf help ", noun});
  if (words.empty()) {
    return Usage(console, {noun, " needs a verb: ", absl::StrJoin(verbs, ", ")}, see);
  }
  if (AsksForHelp(words[0])) {
    console.out() << NounHelp(noun);
    return kOk;
  }
  const Command* command = FindCommand(noun, words[0]);
  if (command == nullptr) {
    return Usage(console,
                 {noun, " has no verb", Quoted(words[0]), "; ", loader::Suggest(words[0], verbs)},
                 see);
  }
  return RunCommand(*command, words.subspan(1), console);
}

int Dispatch(Words words, Console& console) {
  if (words.empty()) return Usage(console, {"a command is needed"}, "behalf help");
  const std::string& noun = words[0];
  if (AsksForHelp(noun)) {
    console.out() << Overview();
    return kOk;
  }
  if (noun == "--version") return RunCommand(*FindCommand("version", ""), {}, console);
  if (noun.starts_with('-')) {
    return Usage(console, {"flags stand after the command"}, "behalf help");
  }
  if (const Command* command = FindCommand(noun, "")) {
    return RunCommand(*command, words.subspan(1), console);
  }
  if (!VerbsOf(noun).empty()) return RunNoun(noun, words.subspan(1), console);
  return Usage(console, {"there is no command", Quoted(noun), "; ", loader::Suggest(noun, Nouns())},
               "behalf help");
}

}  // namespace

int Run(const std::vector<std::string>& arguments, const Streams& streams,
        const Environment& environment) {
  Console console(streams, environment);
  const int code = Dispatch(arguments, console);
  if (!streams.out.flush())
    return console.Fail(absl::DataLossError("the output cannot be written"));
  return code;
}

}  // namespace behalf::cli
