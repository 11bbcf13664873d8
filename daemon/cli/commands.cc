#include <limits>

#include "daemon/cli/acting_for.h"
#include "daemon/cli/actions.h"
#include "daemon/cli/command.h"
#include "daemon/cli/command_parts.h"
#include "daemon/cli/exit_code.h"

namespace behalf::cli {
namespace {

using enum Flag::Use;

Command BlueprintValidate() {
  return {.noun = "blueprint",
          .verb = "validate",
          .summary = "Check documents before the daemon loads them",
          .details =
              "Loads the files, and the *.yaml files of the directories, as one set, the way the "
              "daemon does, and reports every issue with its place and what to write instead. Then "
              "checks the facts of this host that the set relies on: accounts, secrets, CA files. "
              "Secrets named by systemd credential are looked for in $CREDENTIALS_DIRECTORY.",
          .operands = {"PATH...", 1, std::numeric_limits<std::size_t>::max()},
          .flags = {{"no-host", "", "leave out the facts of this host, as on a build machine"},
                    OutputFlag()},
          .example = "behalf blueprint validate /etc/behalf/blueprints",
          .exits = {{kOk, "the set loads, and this host has what it needs"},
                    {kNegative, "there are findings"},
                    {kUsage, "the command line is wrong"},
                    {kLocal, "a file cannot be read"}},
          .run = ValidateBlueprints};
}

Command CatalogShow() {
  return {.noun = "catalog",
          .verb = "show",
          .summary = "Show documents, with all that they leave to defaults",
          .details =
              "Loads the files, and the *.yaml files of the directories, as one set, and lists the "
              "documents with the files and lines they stand at and the digest of the set. With "
              "--effective prints all they say, as YAML that means the same: what blueprints and "
              "the format leave to defaults is filled in, and a comment on each line says where it "
              "stands. Secrets never stand in documents. Needs no daemon.",
          .operands = {"PATH...", 1, std::numeric_limits<std::size_t>::max()},
          .flags = {{"effective", "", "all that the documents say, after defaults"}, OutputFlag()},
          .example = "behalf catalog show --effective /etc/behalf/blueprints",
          .exits = {{kOk, "the set loads"},
                    {kNegative, "the set does not load"},
                    {kUsage, "the command line is wrong"},
                    {kLocal, "a file cannot be read"}},
          .run = ShowCatalog};
}

Command TokenGet() {
  return {
      .noun = "token",
      .verb = "get",
      .summary = "Get a token for an API, as the agent this process is",
      .details =
          "Asks for what an agent runtime asks for, and prints what came back: expiry, scopes and "
          "decision id. The token itself is written to --token-file or printed with --show-token, "
          "and otherwise dropped.",
      .operands = {},
      .flags = Join({{"api", "NAME", "the API, by its name in the documents", kRequired},
                     AccessFlag(),
                     SubjectTokenFlag(),
                     {"agent", "NAME", "the agent, where this process may act as several"},
                     {"scope", "SCOPE", "ask for this scope only; may be repeated", kRepeated}},
                    Join(TokenFlags(), CallFlags())),
      .example =
          "behalf token get --socket /run/behalf/agents.sock --api graph "
          "--subject-token-file alice.jwt --token-file graph.jwt",
      .exits = CallExits("the daemon refused; the reason is in docs/errors.md"),
      .run = GetToken};
}

Command HandleCreate() {
  return {
      .noun = "handle",
      .verb = "create",
      .summary = "Create a handle that one tool can redeem for a token",
      .details =
          "Prints the handle, which nobody but the tool can use, its expiry, the scopes and the "
          "decision id.",
      .operands = {},
      .flags = Join(
          {{"tool", "NAME", "the tool that shall redeem the handle", kRequired},
           {"api", "NAME", "the API, by its name in the documents", kRequired},
           AccessFlag(),
           SubjectTokenFlag(),
           {"agent", "NAME", "the agent, where this process may act as several"},
           {"scope", "SCOPE", "ask for this scope only; may be repeated", kRepeated},
           {"lifetime", "DURATION", "how long the handle can be redeemed, at most 5m, the default"},
           {"handle-file", "FILE",
            "write the handle to FILE, which only you can read, and do not print it"}},
          CallFlags()),
      .example =
          "behalf handle create --socket /run/behalf/agents.sock --tool mail-search "
          "--api graph --subject-token-file alice.jwt --lifetime 2m --handle-file handle",
      .exits = CallExits("the daemon refused; the reason is in docs/errors.md"),
      .run = CreateHandle};
}

Command HandleRedeem() {
  return {
      .noun = "handle",
      .verb = "redeem",
      .summary = "Redeem a handle for its token, as the tool this process is",
      .details =
          "Asks for what a tool runtime asks for, and prints what came back: API, scopes, expiry, "
          "the user's pseudonym and the decision id. The token itself is written to --token-file "
          "or printed with --show-token, and otherwise dropped; the handle is spent all the same.",
      .operands = {},
      .flags = Join({{"handle-file", "FILE|-", "the handle; - is the standard input", kRequired},
                     {"request-id", "ID",
                      "a name of this redemption: repeated within 30 s it gets the same answer"},
                     {"scope", "SCOPE", "ask for this scope only; may be repeated", kRepeated}},
                    Join(TokenFlags(), CallFlags())),
      .example =
          "behalf handle redeem --socket /run/behalf/tools.sock --handle-file handle "
          "--token-file mail.jwt",
      .exits = CallExits("the daemon refused; the reason is in docs/errors.md"),
      .run = RedeemHandle};
}

Command Status() {
  return {
      .noun = "status",
      .verb = "",
      .summary = "Show what the daemon is and whether it can do its work",
      .details = "Asks the daemon on a socket whose callers the Daemon document names as admins.",
      .operands = {},
      .flags = CallFlags(),
      .example = "behalf status --socket /run/behalf/admin.sock",
      .exits = {{kOk, "all blueprints are enabled"},
                {kNegative,
                 "a blueprint is disabled, documents were refused, or the daemon refused"},
                {kUsage, "the command line is wrong"},
                {kUnreachable, "the daemon cannot be reached"},
                {kLocal, "the output cannot be written"}},
      .run = ShowStatus};
}

Command Health() {
  return {
      .noun = "health",
      .verb = "",
      .summary = "Ask whether the daemon serves, as probes do",
      .details =
          "By gRPC's health protocol, which the daemon answers to every process that may connect; "
          "on an admin socket these are admins. A daemon that serves may still have a disabled "
          "blueprint: ask for its status. One that cannot write its record, or whose blueprints "
          "are "
          "all disabled, answers that it does not serve; its status says why. Starting it again "
          "helps neither, so probes of liveness ask with --alive.",
      .operands = {},
      .flags = Join({{"alive", "", "be content with any answer"}}, CallFlags()),
      .example = "behalf health --socket /run/behalf/agents.sock --timeout 2s",
      .exits = {{kOk, "the daemon serves; with --alive: it answers"},
                {kNegative, "the daemon answers that it does not serve"},
                {kUsage, "the command line is wrong"},
                {kUnreachable, "the daemon cannot be reached"},
                {kLocal, "the output cannot be written"}},
      .run = CheckHealth};
}

Command Version() {
  return {.noun = "version",
          .verb = "",
          .summary = "Print the version of this program",
          .details = "",
          .operands = {},
          .flags = {},
          .example = "behalf version",
          .exits = LocalExits(),
          .run = ShowVersion};
}

Command Completion() {
  return {.noun = "completion",
          .verb = "",
          .summary = "Print a completion script for a shell",
          .details = "",
          .operands = {"bash|zsh|fish", 1, 1, {"bash", "zsh", "fish"}},
          .flags = {},
          .example = "behalf completion bash > /usr/share/bash-completion/completions/behalf",
          .exits = LocalExits(),
          .run = ShowCompletion};
}

Command Help() {
  return {.noun = "help",
          .verb = "",
          .summary = "Explain the commands, or one of them",
          .details = "The same as --help after a command.",
          .operands = {"[NOUN [VERB]]", 0, 2, {}},
          .flags = {{"man", "", "print the manual page of all commands, in roff"}},
          .example = "behalf help token get",
          .exits = LocalExits(),
          .run = ShowHelp};
}

}  // namespace

const std::vector<Command>& Commands() {
  static const std::vector<Command> commands = {BlueprintValidate(),
                                                CatalogShow(),
                                                CatalogReload(),
                                                CatalogHistory(),
                                                CatalogRollback(),
                                                ApiList(),
                                                ApiShow(),
                                                TokenGet(),
                                                HandleCreate(),
                                                HandleRedeem(),
                                                ExplainCommand(),
                                                CanI(),
                                                AuditShow(),
                                                AuditVerify(),
                                                AuditKey(),
                                                AuditSearchCommand(),
                                                AuditTail(),
                                                Revoke(),
                                                Restore(),
                                                RevocationList(),
                                                StateBackup(),
                                                StateRestore(),
                                                Status(),
                                                Health(),
                                                Version(),
                                                Completion(),
                                                Help()};
  return commands;
}

}  // namespace behalf::cli
