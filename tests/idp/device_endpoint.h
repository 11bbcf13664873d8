// Sign-in of devices without a browser (RFC 8628).
#pragma once

#include "tests/idp/message.h"
#include "tests/idp/visit.h"

namespace behalf::idp {

// POST /{tenant}/oauth2/v2.0/devicecode: a code for the device and one for its
// user. Client missing 900144 or unknown 700016, scope as in scopes.h.
Response AnswerDeviceCode(const Visit& visit);

// /{tenant}/oauth2/deviceauth: the page where users enter their code, then sign
// in; both can be posted at once.
Response AnswerDevicePage(const Visit& visit);

}  // namespace behalf::idp
