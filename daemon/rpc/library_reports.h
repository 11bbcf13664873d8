// What gRPC and Protobuf have to report, without what it is about: their texts
// quote what callers send, which would fill the journal and may be a token.
#pragma once

#include <chrono>
#include <optional>
#include <string>
#include <string_view>

#include "absl/base/thread_annotations.h"
#include "absl/synchronization/mutex.h"

namespace behalf {

// Turns reports into lines for the log, one in ten seconds at most. Thread-safe.
class LibraryReports {
 public:
  using Time = std::chrono::steady_clock::time_point;

  // The line for a report from this place of a library's source, which says
  // what the text was; nothing where one was written lately. The next line says
  // how many were left out.
  std::optional<std::string> Line(std::string_view library, std::string_view file, int line,
                                  Time now) ABSL_LOCKS_EXCLUDED(mutex_);

 private:
  absl::Mutex mutex_;
  std::optional<Time> last_ ABSL_GUARDED_BY(mutex_);
  int left_out_ ABSL_GUARDED_BY(mutex_) = 0;
};

// For the rest of the process, errors of both libraries go through these to the
// log, and nothing else of theirs anywhere. A failed assertion, after which
// gRPC ends the process, is logged as it is: it quotes gRPC's source.
void TakeLibraryReports();

}  // namespace behalf
