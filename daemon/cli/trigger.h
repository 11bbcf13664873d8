// What made the daemon look at its documents, in a word.
#pragma once

#include <string>

#include "behalf/v1/admin.pb.h"

namespace behalf::cli {

// "start", "signal", "watch", "admin", "rollback".
std::string TriggerText(v1::CatalogTrigger trigger);

}  // namespace behalf::cli
