// Chance, so that those who were refused together do not come back together.
#pragma once

#include "absl/time/time.h"

namespace behalf {

// Somewhere between the two, evenly.
absl::Duration AnyBetween(absl::Duration least, absl::Duration most);

}  // namespace behalf
