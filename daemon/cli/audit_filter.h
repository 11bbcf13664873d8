// Which records are asked for.
#pragma once

#include <google/protobuf/struct.pb.h>

#include <optional>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "daemon/cli/arguments.h"

namespace behalf::cli {

// Immutable.
class AuditFilter {
 public:
  // Out of --decision, --agent, --user, --event, --reason, --from and --to.
  static absl::StatusOr<AuditFilter> From(const Arguments& arguments);

  // The line as a record, where it is one that is asked for. A line that
  // cannot be one is not parsed.
  std::optional<google::protobuf::Struct> Match(const std::string& line) const;

 private:
  struct Wanted {
    std::string flag;
    std::string value;
  };

  std::vector<Wanted> wanted_;
  absl::Time from_ = absl::InfinitePast();
  absl::Time to_ = absl::InfiniteFuture();
};

}  // namespace behalf::cli
