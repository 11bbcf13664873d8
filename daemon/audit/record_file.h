// A file of the record, as it is found on disk.
#pragma once

#include <cstdint>
#include <string>

#include "absl/status/statusor.h"
#include "daemon/audit/chain_link.h"
#include "daemon/base/descriptor.h"

namespace behalf {

struct RecordFile {
  Descriptor file = {};        // for appending
  bool open = false;           // the last line lacks its newline
  std::uint64_t revision = 0;  // of the state, that the newest record says
  ChainEnd end = {};           // where the chain of its last line goes on, or a new one begins
};

// Creates the file (0600) or opens it. Refuses what is not a regular file,
// is a symbolic link, belongs to another user, or may be written by others.
// Failures are kAuditUnavailable.
absl::StatusOr<RecordFile> OpenRecordFile(const std::string& path);

}  // namespace behalf
