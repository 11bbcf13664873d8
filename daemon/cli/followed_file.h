// A file that grows, and is replaced by a rotation.
#pragma once

#include <functional>
#include <string>

#include "absl/status/status.h"
#include "daemon/base/descriptor.h"

namespace behalf::cli {

// Not thread-safe.
class FollowedFile {
 public:
  using Look = std::function<void(const std::string& line)>;

  explicit FollowedFile(std::string path) : path_(std::move(path)) {}

  // Whole lines since the last time, without their newlines; those of the old
  // file first where another stands at the path now. While there is none at
  // the path, the old one is read on. Fails when nothing can be read.
  absl::Status ReadOn(const Look& look);

 private:
  absl::Status Drain(const Look& look);
  bool WasReplaced() const;

  const std::string path_;
  Descriptor file_;
  std::string rest_;  // a line that has no newline yet
};

}  // namespace behalf::cli
