// What a handle stands for, and what it was answered with.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "absl/time/time.h"
#include "daemon/attest/caller.h"
#include "daemon/base/secret_string.h"
#include "daemon/broker/requests.h"
#include "daemon/oauth/token_exchanger.h"

namespace behalf {

// The decision that made a handle, as far as the redemption needs it to
// decide again: who asked, for whom, for what.
struct Grant {
  Grant() = default;

  std::string agent;
  std::string agent_id;
  std::string tool;
  std::string api;
  Access access = Access::kDelegated;
  std::vector<std::string> scopes;  // sorted; the tool gets no more
  SecretString subject_token;       // empty with application access
  Caller creator;
  Declared declared;
};

// Bytes to seal, and back. Decoding fails (nullopt) for anything that Encode
// did not make.
SecretString EncodeGrant(const Grant& grant);
std::optional<Grant> DecodeGrant(std::string_view bytes);

SecretString EncodeToken(const ApiToken& token);
std::optional<ApiToken> DecodeToken(std::string_view bytes);

}  // namespace behalf
