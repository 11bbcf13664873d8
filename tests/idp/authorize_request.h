// What a client asks of the authorization endpoint (RFC 6749 section 4.1.1).
#pragma once

#include "tests/idp/authorization_codes.h"
#include "tests/idp/directory.h"
#include "tests/idp/message.h"
#include "tests/idp/redirect_uri.h"

namespace behalf::idp {

// Who asks, and where the answer goes. Where this fails the user is told, and
// nobody else: client missing 900144 or unknown 700016, blueprint or agent
// 82018, redirect_uri not the client's 50011, response_mode 9002313.
struct Asking {
  const App* app = nullptr;
  ReplyAddress address;
};
Outcome<Asking> ReadAsking(const Form& query, const Tenant& tenant);

// The rest, for a user who has not signed in yet. The client is told where this
// fails: response_type 700051, scope missing 900144 or wrong as in scopes.h,
// challenge other than S256 9002313, nobody may be asked (prompt=none) 50058.
Outcome<Authorization> ReadAuthorizeRequest(const Form& query, const Tenant& tenant,
                                            const Asking& asking);

}  // namespace behalf::idp
