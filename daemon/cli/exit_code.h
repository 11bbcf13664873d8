// What `behalf` exits with; scripts rely on it.
#pragma once

#include "absl/status/status.h"

namespace behalf::cli {

enum ExitCode : int {
  kOk = 0,
  kNegative = 1,     // findings, or the daemon refused
  kUsage = 2,        // the command line is wrong
  kUnreachable = 3,  // no daemon answers
  kLocal = 4,        // a file cannot be read or written
  kUntold = 5,       // the daemon refused to answer a question about a decision
};

// Inside the tool failures are plain Statuses whose message is for the person
// at the terminal: kInvalidArgument is a wrong command line, all others are
// local. What the daemon refuses travels as a Refusal (refusal.h) instead.
inline ExitCode ExitCodeOf(const absl::Status& failure) {
  return failure.code() == absl::StatusCode::kInvalidArgument ? kUsage : kLocal;
}

}  // namespace behalf::cli
