// What must fit together in a directory.
#pragma once

#include "tests/idp/directory.h"
#include "tests/idp/fields.h"

namespace behalf::idp {

// Consents name what resources expose, and agents' users their agents.
void CheckTenant(const Tenant& tenant, Fields& fields);

}  // namespace behalf::idp
