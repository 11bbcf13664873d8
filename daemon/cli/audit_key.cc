#include "behalf/v1/admin.grpc.pb.h"
#include "daemon/audit/head_key.h"
#include "daemon/cli/actions.h"
#include "daemon/cli/admin_call.h"
#include "daemon/cli/exit_code.h"
#include "daemon/cli/key_file.h"
#include "daemon/cli/record.h"
#include "daemon/cli/text.h"

namespace behalf::cli {
namespace {

// The PEM stands last and alone, so that it can be copied.
int PrintKey(const std::string& id, const std::string& file, const std::string& pem,
             Console& console) {
  Json::Object key = {{"key", id}, {"file", file}};
  if (console.format() == Format::kJson) {
    key.emplace_back("pem", pem);
    PrintRecord(key, console);
    return kOk;
  }
  PrintRecord(key, console);
  console.out() << '\n' << Printable(pem);
  return kOk;
}

int PrintAnswer(const v1::GetStatusResponse& answer, Console& console) {
  const v1::HeadKey& key = answer.audit().key();
  if (key.pem().empty()) {
    return console.Fail(absl::FailedPreconditionError(
        "the daemon is of a version that does not tell its key: give --state-directory"));
  }
  return PrintKey(key.id(), key.file(), key.pem(), console);
}

}  // namespace

int ShowAuditKey(const Arguments& arguments, Console& console) {
  if (!arguments.Has("state-directory")) {
    return CallAdmin(&v1::Admin::Stub::async::GetStatus, v1::GetStatusRequest(), PrintAnswer,
                     arguments, console);
  }
  const std::string file = HeadKeyFile(arguments.Value("state-directory"));
  const auto key = ReadKeyFile(file);
  return key.ok() ? PrintKey(key->id(), file, key->Pem(), console) : console.Fail(key.status());
}

}  // namespace behalf::cli
