// The keys of an application's or blueprint's credentials.
#pragma once

#include <string>

#include "tests/idp/credentials.h"
#include "tests/idp/fields.h"

namespace behalf::idp {

// `secret` or `secretFile`, `secretExpires`, `certificates`,
// `federatedCredentials`. Files stand beside the one at `path`.
Credentials ReadCredentials(Fields& fields, const std::string& path);

}  // namespace behalf::idp
