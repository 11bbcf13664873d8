// The protected API in Graph's place: GET /v1.0/me, /v1.0/me/messages and
// /v1.0/users/{id}/messages. The judge of tokens: signature, issuer, audience,
// times and permissions are checked as the real one would.
#pragma once

#include "absl/time/time.h"
#include "tests/idp/directory.h"
#include "tests/idp/identity_provider.h"
#include "tests/idp/message.h"
#include "tests/idp/signing_keys.h"

namespace behalf::idp {

struct MailApi {
  const Directory& directory;
  const SigningKeys& keys;
  absl::Time now;
};

bool IsMailApi(const Request& request);

// 401 InvalidAuthenticationToken, 403 ErrorAccessDenied, or the messages: the
// user's own, or with an application permission anybody's.
Response AnswerMailApi(const MailApi& api, const Request& request, const Trace& trace);

}  // namespace behalf::idp
