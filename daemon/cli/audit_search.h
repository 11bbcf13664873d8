// Looks a decision up in files of the record.
#pragma once

#include <google/protobuf/struct.pb.h>

#include <string>
#include <string_view>
#include <vector>

#include "absl/status/status.h"

namespace behalf::cli {

// Reads line by line, so that files may be large. Not thread-safe.
class AuditSearch {
 public:
  struct Found {
    std::string decision_id;
    std::string line;  // as it stands in the file
    google::protobuf::Struct record;
  };

  // `id`: a decision id or the beginning of one.
  explicit AuditSearch(std::string_view id) : id_(id) {}

  // Fails when the file cannot be read.
  absl::Status Read(const std::string& path);

  // In the order of the files.
  const std::vector<Found>& found() const { return found_; }
  // Lines that are no record: cut short, or written by somebody else.
  std::size_t malformed() const { return malformed_; }

 private:
  void Look(const std::string& line);

  const std::string id_;
  std::vector<Found> found_;
  std::size_t malformed_ = 0;
};

}  // namespace behalf::cli
