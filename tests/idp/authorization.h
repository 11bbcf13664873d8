// What a user who signed in on the page has allowed a client.
#pragma once

#include <string>

#include "tests/idp/evidence.h"

namespace behalf::idp {

struct Authorization {
  std::string client_id;
  std::string tenant_id;
  std::string user_id;
  std::string redirect_uri = {};
  std::string challenge = {};  // S256; empty: none
  std::string scope = {};
  std::string nonce = {};
  Evidence shown = {};
};

}  // namespace behalf::idp
