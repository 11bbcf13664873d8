#include "daemon/cli/actions.h"
#include "daemon/cli/exit_code.h"
#include "daemon/cli/record.h"
#include "daemon/cli/revocation_log.h"
#include "daemon/store/state_files.h"

namespace behalf::cli {
namespace {

int Print(const StoredRevocations& state, Console& console) {
  PrintRecord(Json::Object{{"revision", static_cast<std::int64_t>(state.revision)},
                           {"revocations", static_cast<std::int64_t>(state.all.size())}},
              console);
  return kOk;
}

}  // namespace

int BackUp(const Arguments& arguments, Console& console) {
  const std::string& file = arguments.operands.front();
  const absl::Status done = BackUpState(arguments.Value("state-directory"), file);
  if (!done.ok()) return console.Fail(done);
  const auto written = ReadBackup(file);
  return written.ok() ? Print(*written, console) : console.Fail(written.status());
}

int RestoreState(const Arguments& arguments, Console& console) {
  StoredRevocations from;
  if (arguments.Has("backup")) {
    auto backup = ReadBackup(arguments.Value("backup"));
    if (!backup.ok()) return console.Fail(backup.status());
    from = *std::move(backup);
  }
  RevocationLog log(std::move(from));
  for (const std::string& file : arguments.operands) {
    const absl::Status read = log.Read(file);
    if (!read.ok()) return console.Fail(read);
  }
  const absl::Status done = ReplaceState(arguments.Value("state-directory"), log.state());
  return done.ok() ? Print(log.state(), console) : console.Fail(done);
}

}  // namespace behalf::cli
