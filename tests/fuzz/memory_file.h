// A file in memory, with a name to open it by.
#pragma once

#include <sys/mman.h>
#include <unistd.h>

#include <string>
#include <string_view>

#include "absl/strings/str_cat.h"
#include "tests/fuzz/promise.h"

namespace behalf::fuzz {

class MemoryFile {
 public:
  MemoryFile() : fd_(memfd_create("fuzz", MFD_CLOEXEC)) {}
  MemoryFile(const MemoryFile&) = delete;
  MemoryFile& operator=(const MemoryFile&) = delete;
  ~MemoryFile() { close(fd_); }

  // The name of the file, which holds this text from now on.
  std::string With(std::string_view text) const {
    Promise(ftruncate(fd_, 0) == 0, "a file is emptied");
    const auto written = pwrite(fd_, text.data(), text.size(), 0);
    Promise(written == static_cast<ssize_t>(text.size()), "a file is written");
    return absl::StrCat("/proc/self/fd/", fd_);
  }

 private:
  const int fd_;
};

}  // namespace behalf::fuzz
