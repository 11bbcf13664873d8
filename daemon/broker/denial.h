// A denial as an error on its way out.
#pragma once

#include <string>
#include <string_view>

#include "absl/status/status.h"
#include "daemon/base/error.h"

namespace behalf {

// The reason is the caller's; the term that failed and the detail are the
// operator's, and go to the record alone.
inline absl::Status DeniedBy(std::string_view term, Reason reason, std::string_view detail = {}) {
  ErrorDetail error{.reason = reason, .metadata = {{"term", std::string(term)}}};
  if (!detail.empty()) error.metadata["why"] = std::string(detail);
  return MakeError(std::move(error));
}

}  // namespace behalf
