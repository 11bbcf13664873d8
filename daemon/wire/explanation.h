// Explanations as messages. Pure; thread-safe.
#pragma once

#include <behalf/v1/explanation.pb.h>

#include <string_view>

#include "policies/explain.h"

namespace behalf {

// Everything, for operators.
void ToMessage(const Explanation& explanation, std::string_view catalog_digest,
               v1::Explanation& message);

// What the one who asks may learn: the answer, and how far the decision went.
// No text, place, rule or edit.
void ToMessageForCaller(const Explanation& explanation, v1::Explanation& message);

}  // namespace behalf
