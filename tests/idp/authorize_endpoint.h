// /{tenant}/oauth2/v2.0/authorize: GET shows the page where a user signs in,
// POST is the page as it was filled in.
#pragma once

#include "tests/idp/message.h"
#include "tests/idp/visit.h"

namespace behalf::idp {

// The page again where the sign-in failed; otherwise back to the client with
// `code`, or with `error` where its request or the user says no. Where the
// client cannot be trusted with an answer the user is told instead.
Response AnswerAuthorize(const Visit& visit);

}  // namespace behalf::idp
