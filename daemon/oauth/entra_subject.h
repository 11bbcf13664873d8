// Which tokens are access tokens of users of Microsoft Entra.
#pragma once

#include <memory>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "blueprint/documents.h"
#include "daemon/jose/jwt.h"
#include "daemon/jose/verify.h"
#include "daemon/oauth/subject.h"

namespace behalf {

// How far clocks may differ.
inline constexpr absl::Duration kClockSkew = absl::Seconds(60);

// Tokens for Microsoft Graph cannot be verified by anybody else (their header
// carries a `nonce`); told apart before the signature so that the reason
// helps. Fails with kSubjectForGraph.
absl::Status RefuseGraphToken(const UnverifiedJwt& jwt);

// Reads the claims that rules and decisions look at. kSubjectClaims when one
// is missing or of the wrong type.
absl::StatusOr<SubjectClaims> ReadSubjectClaims(const VerifiedJwt& jwt, const Provider& provider);

// Every rule of a provider for a user's token at `now`, by the table in
// entra_subject.cc; the first that fails gives the reason.
absl::Status CheckSubject(const SubjectClaims& claims, const Provider& provider, absl::Time now);

}  // namespace behalf
