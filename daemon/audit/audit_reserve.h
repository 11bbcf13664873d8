// Room beside the record for what must be said when the record cannot.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "absl/status/status.h"
#include "daemon/base/descriptor.h"

namespace behalf {

// A small file of blank lines. A line is written over them, which takes no
// space that a full disk has not. Not thread-safe.
class AuditReserve {
 public:
  static constexpr std::size_t kBytes = std::size_t{16} << 10;

  // Opens or makes the file (0600). Without it there is no reserve: problem()
  // says why, and nothing is kept.
  explicit AuditReserve(const std::string& path);

  const absl::Status& problem() const { return problem_; }

  // Lines without their newlines; those of a daemon that did not come to
  // record them among them.
  const std::vector<std::string>& lines() const { return lines_; }

  // Written when it returns true; false when there is no room.
  bool Note(std::string_view line);

  // Likewise, and on disk, as what was noted before.
  bool Add(std::string_view line);

  // All is in the record.
  void Clear();

 private:
  absl::Status Open(const std::string& path);
  absl::Status Fill();
  absl::Status Read();

  Descriptor file_;
  std::size_t used_ = 0;
  std::vector<std::string> lines_;
  absl::Status problem_;  // the last: opening sets the others
};

}  // namespace behalf
