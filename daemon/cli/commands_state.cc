#include <limits>

#include "daemon/cli/actions.h"
#include "daemon/cli/command_parts.h"
#include "daemon/cli/exit_code.h"

namespace behalf::cli {
namespace {

using enum Flag::Use;

Flag Directory() {
  return {"state-directory", "DIR", "where the state is: `stateDirectory` of the Daemon document",
          kRequired};
}

}  // namespace

Command StateBackup() {
  return {.noun = "state",
          .verb = "backup",
          .summary = "Copy what is revoked into a file",
          .details =
              "As of one moment, whether or not the daemon runs. The file must not exist; "
              "nobody but its owner can read it.",
          .operands = {"FILE", 1, 1, {}},
          .flags = {Directory(), OutputFlag()},
          .example = "behalf state backup --state-directory /var/lib/behalf state.backup",
          .exits = {{kOk, "the copy is there, and can be read"},
                    {kUsage, "the command line is wrong"},
                    {kLocal, "the state cannot be read, or the file not be written"}},
          .run = BackUp};
}

Command StateRestore() {
  return {.noun = "state",
          .verb = "restore",
          .summary = "Make a lost or damaged state anew, from the record",
          .details =
              "Reads the files of the record, the oldest first, and puts in force all that was "
              "revoked and not restored since the backup, or since the beginning where there is "
              "none. The files must reach back to it. The daemon must not run. What was there is "
              "kept as state.db.replaced.",
          .operands = {"FILE...", 1, std::numeric_limits<std::size_t>::max()},
          .flags = {Directory(), {"backup", "FILE", "of behalf state backup"}, OutputFlag()},
          .example =
              "behalf state restore --state-directory /var/lib/behalf --backup "
              "state.backup /var/log/behalf/audit.jsonl",
          .exits = {{kOk, "the state was made"},
                    {kUsage, "the command line is wrong"},
                    {kLocal,
                     "a file fails, the record does not reach back far enough, or a daemon runs"}},
          .run = RestoreState};
}

}  // namespace behalf::cli
