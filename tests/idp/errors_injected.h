// Errors of Entra that no request to this provider deserves by itself: they
// are answered on order, as faults.
#pragma once

#include "tests/idp/errors.h"

namespace behalf::idp {

std::span<const ErrorRow> InjectedErrors();

}  // namespace behalf::idp
