// The rows of the table that read the record.
#include <limits>

#include "daemon/cli/actions.h"
#include "daemon/cli/command_parts.h"
#include "daemon/cli/exit_code.h"

namespace behalf::cli {
namespace {

using enum Flag::Use;

constexpr std::size_t kAny = std::numeric_limits<std::size_t>::max();

std::vector<Flag> FilterFlags() {
  return {{"decision", "ID", "of this decision; its first digits are enough"},
          {"agent", "NAME", "of this agent"},
          {"user", "DIGEST", "of this user, by the digest in the record"},
          {"event", "EVENT", "of this kind, such as token_issued, denied or revoked"},
          {"reason", "REASON", "with this reason (docs/errors.md)"},
          {"from", "TIME", "not before this time, as 2026-11-23T08:30:00+01:00"},
          {"to", "TIME", "before this time"}};
}

}  // namespace

Command AuditShow() {
  return {.noun = "audit",
          .verb = "show",
          .summary = "Show a decision from the record",
          .details =
              "Prints what the record says under a decision id, which errors, answers and logs "
              "carry; its first 8 digits are enough where they fit one decision only. Reads the "
              "files that are given, or the one that the daemon writes.",
          .operands = {"DECISION_ID", 1, 1},
          .flags = Join({{"file", "FILE", "a file of the record; may be repeated", kRepeated}},
                        CallFlags()),
          .example = "behalf audit show 0f1e2d3c --socket /run/behalf/admin.sock",
          .exits = {{kOk, "the record has it"},
                    {kNegative, "the record does not have it, or the daemon refused"},
                    {kUsage, "the command line is wrong"},
                    {kUnreachable, "the daemon cannot be reached"},
                    {kLocal, "a file cannot be read"}},
          .run = ShowAudit};
}

Command AuditVerify() {
  return {
      .noun = "audit",
      .verb = "verify",
      .summary = "Check that the record is as the daemon wrote it",
      .details =
          "Follows the chain of the lines through the files, the oldest first, and names the "
          "first line that does not fit: changed, taken out, put in or moved. Needs no daemon. "
          "What the last line says, and whether lines behind it were cut off, the chain alone "
          "does not tell; --anchors does, up to the newest head that was kept elsewhere. With "
          "--key it also checks the heads, the lines that the daemon signs: "
          "records that are not `unsigned` cannot have been written anew by who has not its key. "
          "Debris are lines that a crash or a full disk cut short; the record "
          "behind them covers them.",
      .operands = {"FILE...", 1, kAny},
      .flags = {{"key", "FILE", "the daemon's public key, audit-head.pub of its state directory"},
                {"anchors", "FILE", "heads that an anchor of the daemon kept, or a log with them"},
                OutputFlag()},
      .example =
          "behalf audit verify --key /var/lib/behalf/audit-head.pub /var/log/behalf/audit.jsonl",
      .exits = {{kOk, "every line fits"},
                {kNegative, "a line does not fit, or none is in a chain or signed by the key"},
                {kUsage, "the command line is wrong"},
                {kLocal, "a file cannot be read"}},
      .run = VerifyAudit};
}

Command AuditKey() {
  return {.noun = "audit",
          .verb = "key",
          .summary = "Show the public key that the daemon signs the record with",
          .details =
              "Prints its id, as heads of the record name it, the file that has it on the daemon's "
              "host, and the key itself in PEM, to be kept by who checks the record: behalf audit "
              "verify --key. Asks the daemon, or with --state-directory needs none.",
          .operands = {},
          .flags = Join({{"state-directory", "DIR",
                          "read it there: `stateDirectory` of the Daemon document"}},
                        CallFlags()),
          .example = "behalf audit key --socket /run/behalf/admin.sock",
          .exits = {{kOk, "here it is"},
                    {kNegative, "the daemon refused"},
                    {kUsage, "the command line is wrong"},
                    {kUnreachable, "the daemon cannot be reached"},
                    {kLocal, "the file cannot be read"}},
          .run = ShowAuditKey};
}

Command AuditSearchCommand() {
  return {
      .noun = "audit",
      .verb = "search",
      .summary = "List the records that are asked for",
      .details =
          "One line a record, in the order of the files: time, event, reason, agent, tool, API "
          "and decision id; with -o json the records as they stand in the file. Reads the files "
          "that are given, or the one that the daemon writes.",
      .operands = {},
      .flags = Join(Join(FilterFlags(),
                         {{"file", "FILE", "a file of the record; may be repeated", kRepeated}}),
                    CallFlags()),
      .example =
          "behalf audit search --event token_issued --agent invoice-bot --file "
          "/var/log/behalf/audit.jsonl",
      .exits = {{kOk, "there are such records"},
                {kNegative, "there is none, or the daemon refused"},
                {kUsage, "the command line is wrong"},
                {kUnreachable, "the daemon cannot be reached"},
                {kLocal, "a file cannot be read"}},
      .run = SearchAudit};
}

Command AuditTail() {
  return {
      .noun = "audit",
      .verb = "tail",
      .summary = "Show records as they are written",
      .details =
          "Prints the newest records that are asked for, then each new one, until it is "
          "interrupted or --for is over. Goes on in the new file after a rotation.",
      .operands = {},
      .flags = Join(
          Join(FilterFlags(),
               {{"lines", "N", "how many of the records that are there; 10 when it is not given"},
                {"for", "DURATION", "how long to wait for new ones, at most 1h"},
                {"file", "FILE", "the file of the record; the daemon's when it is not given"}}),
          CallFlags()),
      .example = "behalf audit tail --for 1s --socket /run/behalf/admin.sock",
      .exits = {{kOk, "the time is over"},
                {kNegative, "the daemon refused"},
                {kUsage, "the command line is wrong"},
                {kUnreachable, "the daemon cannot be reached"},
                {kLocal, "the file cannot be read"}},
      .run = TailAudit};
}

}  // namespace behalf::cli
