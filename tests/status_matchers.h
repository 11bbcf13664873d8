// Matchers for absl::Status and absl::StatusOr.
#pragma once

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "daemon/base/error.h"

namespace behalf {

inline const absl::Status& StatusOf(const absl::Status& status) { return status; }
template <typename T>
const absl::Status& StatusOf(const absl::StatusOr<T>& result) {
  return result.status();
}

// Of a Status or StatusOr: it is OK.
MATCHER(IsOk, negation ? "is not OK" : "is OK") {
  *result_listener << "whose status is " << StatusOf(arg).ToString();
  return StatusOf(arg).ok();
}

// Of a StatusOr: it is OK and its value matches.
MATCHER_P(IsOkAndHolds, matcher, "is OK and holds a value that matches") {
  if (!arg.ok()) {
    *result_listener << "whose status is " << arg.status().ToString();
    return false;
  }
  return testing::ExplainMatchResult(matcher, *arg, result_listener);
}

// Of a Status or StatusOr: it failed, and MakeError gave it this reason.
MATCHER_P(HasReason, reason,
          std::string(negation ? "has another reason than " : "has the reason ") +
              std::string(RowOf(reason).name)) {
  *result_listener << "whose status is " << StatusOf(arg).ToString();
  return !StatusOf(arg).ok() && DetailOf(StatusOf(arg)).reason == reason;
}

}  // namespace behalf
