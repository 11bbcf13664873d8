// Where the token of an answer goes.
#pragma once

#include <optional>

#include "absl/status/statusor.h"
#include "daemon/cli/arguments.h"
#include "daemon/cli/console.h"
#include "daemon/cli/json.h"
#include "daemon/cli/secret_file.h"

namespace behalf::cli {

// To a file (--token-file), into the printed answer (--show-token), to both,
// or to nobody.
class Delivery {
 public:
  // Before the call: fails when the file cannot be written.
  static absl::StatusOr<Delivery> Prepare(const Arguments& arguments);

  // Adds to `record` what may be printed, and hints on err when nobody got
  // the token.
  absl::Status Deliver(const SecretString& token, Json::Object& record, Console& console);

 private:
  Delivery() = default;

  bool show_ = false;
  std::string path_;
  std::optional<SecretFile> file_;
};

}  // namespace behalf::cli
