// What a decision sees of a user.
#pragma once

#include "daemon/broker/requests.h"
#include "daemon/oauth/subject.h"
#include "policies/facts.h"

namespace behalf {

// Views into `subject`, and into `declared`, which must outlive them.
UserFacts FactsOf(const Subject& subject);
DeclaredFacts FactsOf(const Declared& declared);

}  // namespace behalf
