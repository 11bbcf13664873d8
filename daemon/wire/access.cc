#include "daemon/wire/access.h"

namespace behalf {

std::optional<Access> FromMessage(v1::Access access) {
  switch (access) {
    case v1::ACCESS_UNSPECIFIED:
    case v1::ACCESS_DELEGATED:
      return Access::kDelegated;
    case v1::ACCESS_APPLICATION:
      return Access::kApplication;
    default:
      return std::nullopt;
  }
}

}  // namespace behalf
