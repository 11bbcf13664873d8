// The keys of an application's or blueprint's credentials.
#pragma once

#include <string>

#include "tests/idp/directory.h"
#include "tests/idp/fields.h"

namespace behalf::idp {

// `secret`, or `secretFile` beside the file at `path`; none is a public client.
Credentials ReadCredentials(Fields& fields, const std::string& path);

}  // namespace behalf::idp
