#include "daemon/oauth/jitter.h"

#include "daemon/crypto/random.h"

namespace behalf {

absl::Duration AnyBetween(absl::Duration least, absl::Duration most) {
  const auto chance = static_cast<unsigned char>(RandomBytes(1).front());
  return least + (most - least) * (chance / 255.0);
}

}  // namespace behalf
