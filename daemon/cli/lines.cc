#include "daemon/cli/lines.h"

#include <cerrno>
#include <fstream>
#include <system_error>

#include "daemon/cli/text.h"

namespace behalf::cli {

absl::Status ReadLines(const std::string& path,
                       const std::function<bool(const std::string&, bool)>& look) {
  std::ifstream in(path, std::ios::binary);
  for (std::string line; std::getline(in, line);) {
    if (!look(line, !in.eof())) return absl::OkStatus();
  }
  if (in.eof()) return absl::OkStatus();
  return absl::FailedPreconditionError(
      Concat({"cannot read ", path, ": ", std::generic_category().message(errno)}));
}

}  // namespace behalf::cli
