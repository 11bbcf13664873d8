// How an API is reached, as a message and as a value.
#pragma once

#include <optional>

#include "behalf/v1/access.pb.h"
#include "blueprint/documents.h"

namespace behalf {

// Nothing: a number that this daemon does not know.
std::optional<Access> FromMessage(v1::Access access);

}  // namespace behalf
