// What must fit together in a directory.
#pragma once

#include "tests/idp/directory.h"
#include "tests/idp/fields.h"

namespace behalf::idp {

// Consents name what resources expose, agents' users their agents, and
// policies what there is.
void CheckTenant(const Tenant& tenant, Fields& fields);

}  // namespace behalf::idp
