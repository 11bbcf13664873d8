// Authorization codes (RFC 6749 section 4.1, RFC 7636): who has signed in to
// which client, until the client comes for its tokens.
#pragma once

#include <map>
#include <mutex>
#include <string>

#include "absl/time/time.h"
#include "tests/idp/authorization.h"
#include "tests/idp/errors.h"

namespace behalf::idp {

// Thread-safe.
class AuthorizationCodes {
 public:
  // Valid for ten minutes.
  void Add(const std::string& code, Authorization authorization, absl::Time now);

  // Once, whatever becomes of it. Not a code of this client in this tenant
  // 70000, redeemed 54005, expired 70008.
  Outcome<Authorization> Redeem(std::string_view code, std::string_view tenant_id,
                                std::string_view client_id, absl::Time now);

 private:
  struct Entry {
    Authorization authorization;
    absl::Time expires;
    bool redeemed = false;
  };

  std::mutex mutex_;
  std::map<std::string, Entry, std::less<>> entries_;
};

}  // namespace behalf::idp
