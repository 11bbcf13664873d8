#include "absl/strings/str_replace.h"
#include "daemon/cli/pages.h"
#include "daemon/cli/text.h"

namespace behalf::cli {
namespace {

std::string Row(const std::string& left, const std::string& right) {
  const std::string cell = absl::StrReplaceAll(left, {{"|", "\\|"}});
  return Concat({"| `", cell, "` | ", absl::StrReplaceAll(right, {{"|", "\\|"}}), " |\n"});
}

std::string Section(const Command& command) {
  std::string out = Concat({"\n## behalf ", command.name(), "\n\n", command.summary, ".\n"});
  if (!command.details.empty()) out.append(Concat({"\n", command.details, "\n"}));
  out.append(Concat({"\n```\n", Synopsis(command), "\n```\n"}));
  if (!command.flags.empty()) out.append("\n| flag | |\n|---|---|\n");
  for (const Flag& flag : command.flags) out.append(Row(FlagUsage(flag), FlagDoc(flag)));
  out.append(Concat({"\nExample:\n\n```sh\n", command.example, "\n```\n"}));
  out.append("\n| exit code | |\n|---|---|\n");
  for (const Exit& exit : command.exits) out.append(Row(std::to_string(exit.code), exit.meaning));
  return out;
}

}  // namespace

std::string MarkdownPage() {
  std::string out =
      "# behalf, the operator's tool\n\n"
      "Made from the table of commands in `daemon/cli/commands.cc`, as are `behalf help`, the\n"
      "manual page (`behalf help --man`) and the completions (`behalf completion`); do not "
      "edit.\n\n"
      "Data goes to the standard output, messages to the standard error. Every command explains\n"
      "itself with `--help`. `-o json` prints one JSON object on one line; when the daemon "
      "refuses,\n"
      "that is `{\"error\": {\"reason\", \"message\", \"move\", \"decision_id\", "
      "\"retry_after_seconds\",\n"
      "\"metadata\"}}` ([errors.md](errors.md)). A token is printed with `--show-token` only, and "
      "is\n"
      "never taken from the command line.\n\n"
      "| variable | |\n|---|---|\n"
      "| `BEHALF_SOCKET` | the socket where `--socket` is not given |\n"
      "| `CREDENTIALS_DIRECTORY` | where `blueprint validate` looks for systemd credentials |\n"
      "| `NO_COLOR` | set and not empty: no colours; without a terminal there are none anyway |\n";
  for (const Command& command : Commands()) out.append(Section(command));
  return out;
}

}  // namespace behalf::cli
