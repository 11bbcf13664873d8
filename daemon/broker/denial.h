// A denial as an error on its way out.
#pragma once

#include <string>
#include <string_view>

#include "absl/status/status.h"
#include "daemon/base/error.h"
#include "policies/decide.h"

namespace behalf {

// The reason is the caller's; the term that failed and the detail are the
// operator's, and go to the record alone.
inline absl::Status DeniedBy(std::string_view term, Reason reason, std::string_view detail = {}) {
  ErrorDetail error{.reason = reason, .metadata = {{"term", std::string(term)}}};
  if (!detail.empty()) error.metadata["why"] = std::string(detail);
  return MakeError(std::move(error));
}

// What the caller gets of a decision that denies; the record has the rest.
inline absl::Status ErrorOf(const Decision& decision) {
  ErrorDetail error{.reason = *decision.denied, .metadata = {}};
  if (decision.challenge) {
    error.metadata["claims"] = decision.challenge->claims;
    if (const auto& max_age = decision.challenge->max_age) {
      error.metadata["max_age"] = std::to_string(absl::ToInt64Seconds(*max_age));
    }
  }
  return MakeError(std::move(error));
}

}  // namespace behalf
