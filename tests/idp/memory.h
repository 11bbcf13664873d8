// What is kept from one request to the next, until the process ends.
#pragma once

#include "tests/idp/authorization_codes.h"
#include "tests/idp/client_assertion.h"
#include "tests/idp/device_codes.h"
#include "tests/idp/throttling.h"

namespace behalf::idp {

struct Memory {
  SeenAssertions assertions;
  AuthorizationCodes codes;
  DeviceCodes devices;
  RequestRates rates;
};

}  // namespace behalf::idp
