// What the record says of revocations, so that a lost state can be made anew.
#pragma once

#include <google/protobuf/struct.pb.h>

#include <cstdint>
#include <string>
#include <utility>

#include "absl/status/status.h"
#include "daemon/store/revocation.h"

namespace behalf::cli {

// Files of the record are read in the order in which they were written, the
// oldest first. Not thread-safe.
class RevocationLog {
 public:
  // Goes on from what a backup holds; without one from nothing.
  explicit RevocationLog(StoredRevocations from)
      : backed_up_(from.revision), state_(std::move(from)) {}

  // Fails when the file cannot be read, or when the record begins after the
  // backup was made, so that something may be missing between them.
  absl::Status Read(const std::string& path);

  const StoredRevocations& state() const { return state_; }

 private:
  absl::Status Look(const std::string& path, const std::string& line);
  void Apply(const google::protobuf::Struct& record);

  const std::uint64_t backed_up_;  // the revision of the backup
  StoredRevocations state_;
  bool begun_ = false;
};

}  // namespace behalf::cli
