#include "daemon/store/handle_store.h"

#include "daemon/base/error.h"

namespace behalf {

absl::Status TooManyHandles() {
  return MakeError(ErrorDetail{.reason = Reason::kOverloaded, .retry_after = absl::Seconds(1)},
                   "the store holds as many handles as it may");
}

absl::Status TwoHandlesOfOneId() {
  return MakeError(Reason::kInternal, "two handles have the same id");
}

}  // namespace behalf
