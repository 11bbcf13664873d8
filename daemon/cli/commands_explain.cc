// The rows of the table that answer why.
#include "daemon/cli/acting_for.h"
#include "daemon/cli/actions.h"
#include "daemon/cli/command_parts.h"
#include "daemon/cli/exit_code.h"

namespace behalf::cli {
namespace {

using enum Flag::Use;

std::vector<Flag> QuestionFlags() {
  return {{"caller-socket", "NAME", "the socket of the asking process, by its name", kRequired},
          {"caller-uid", "N", "its user id", kRequired},
          {"caller-gid", "N", "a group of it; may be repeated, the primary group first", kRepeated},
          {"agent", "NAME", "the agent that it names, where it may act as several"},
          {"tool", "NAME", "the tool that it would create a handle for"},
          {"api", "NAME", "the API, by its name in the documents", kRequired},
          AccessFlag(),
          {"scope", "SCOPE", "a scope that it asks for by name; may be repeated", kRepeated},
          {"subject-token-file", "FILE|-", "the user's token; - is the standard input"},
          {"claims", "FILE", "the user's claims: JSON, as in a decoded token (docs/explain.md)"},
          {"at", "TIME", "when it would ask, as 2026-11-23T08:30:00+01:00; now when not given"},
          {"purpose", "TEXT", "what the request declares as its purpose"},
          {"tool-name", "NAME", "the function of the tool that the request declares"},
          {"arguments-digest", "DIGEST", "the digest of that call's arguments"},
          {"documents", "PATH", "ask these documents and no daemon; may be repeated", kRepeated},
          {"host", "", "with --documents: let the facts of this host disable blueprints"}};
}

std::vector<Exit> QuestionExits() {
  return {{kOk, "it is allowed"},
          {kNegative, "it is denied"},
          {kUsage, "the command line is wrong"},
          {kUnreachable, "the daemon cannot be reached"},
          {kLocal, "a file cannot be read, or the documents do not load"},
          {kUntold, "the daemon refused to answer; the reason is in docs/errors.md"}};
}

}  // namespace

Command ExplainCommand() {
  return {.noun = "explain",
          .verb = "",
          .summary = "Explain what would be decided, and what would change it",
          .details =
              "Prints the answer that a request would get, every term of the decision with its "
              "place in the documents, and the nearest change that would turn it round. Asks the "
              "daemon on a socket of admins, which records the question; with --documents the same "
              "function is asked about files. Nothing is exchanged or handed out. Without a token "
              "or claims nothing is known of the user.",
          .operands = {},
          .flags = Join(QuestionFlags(), CallFlags()),
          .example =
              "behalf explain --socket /run/behalf/admin.sock --caller-socket agents "
              "--caller-uid 1001 --tool mail-search --api graph --claims alice.json",
          .exits = QuestionExits(),
          .run = ExplainDecision};
}

Command CanI() {
  return {
      .noun = "can-i",
      .verb = "",
      .summary = "Answer yes or no to the same question, for scripts",
      .details =
          "Prints `yes`, or `no:` and the reason, and says the same by the exit code; any other "
          "code than 0 and 1 means that it could not be told.",
      .operands = {},
      .flags = Join(QuestionFlags(), CallFlags()),
      .example =
          "behalf can-i --documents /etc/behalf/blueprints --caller-socket agents "
          "--caller-uid 1001 --tool mail-search --api graph --claims alice.json",
      .exits = QuestionExits(),
      .run = AskWhetherAllowed};
}

}  // namespace behalf::cli
