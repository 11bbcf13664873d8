// A request to the token endpoint, understood as far as all flows share.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "absl/time/time.h"
#include "tests/idp/directory.h"
#include "tests/idp/errors.h"
#include "tests/idp/message.h"

namespace behalf::idp {

struct TokenRequest {
  const Tenant& tenant;
  const Form& form;
  std::string client_id;  // as sent, in lower case when it is a GUID
  std::optional<std::string> client_secret;
  std::string base_url;
  absl::Time now;
};

// The value of a parameter that must be there (900144).
Outcome<std::string> Required(const TokenRequest& request, std::string_view name);

// 700016 for the client of the request.
Refusal UnknownClient(const TokenRequest& request);

// As times stand in descriptions: "2026-11-02T08:15:00.0000000Z".
std::string ErrorTime(absl::Time time);

}  // namespace behalf::idp
