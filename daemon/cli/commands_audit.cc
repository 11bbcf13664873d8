// The rows of the table that read the record.
#include <limits>

#include "daemon/cli/actions.h"
#include "daemon/cli/command_parts.h"
#include "daemon/cli/exit_code.h"

namespace behalf::cli {
namespace {

using enum Flag::Use;

constexpr std::size_t kAny = std::numeric_limits<std::size_t>::max();

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

}  // namespace behalf::cli
