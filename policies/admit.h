// Whose tokens does a blueprint accept? A pure function of the document and of
// a verified token. Thread-safe.
#pragma once

#include <optional>

#include "blueprint/documents.h"
#include "daemon/base/reason.h"
#include "policies/facts.h"

namespace behalf {

// The reason why not; nothing when the user is admitted. The token's
// signature, issuer and times are no matter of this: they were verified.
std::optional<Reason> RefuseUser(const SubjectRules& rules, const UserFacts& user);

}  // namespace behalf
