// /admin/...: how tests and developers change the provider while it serves.
#pragma once

#include "tests/idp/controlled_provider.h"
#include "tests/idp/message.h"

namespace behalf::idp {

// Asked without the token: 401. A body that is not understood: 400, with the
// reason in `error`, and nothing has changed.
Response AnswerAdmin(const Controls& controls, const Request& request);

}  // namespace behalf::idp
