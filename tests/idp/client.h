// Who asks for a token, once it has proved who it is.
#pragma once

#include <string>

#include "tests/idp/directory.h"

namespace behalf::idp {

// How a client proved who it is: `azpacr` and `appidacr`.
enum class ClientProof { kNone = 0, kSecret = 1, kAssertion = 2 };

// Refers to the directory. Exactly one of `app`, `blueprint` and `agent` is set.
struct Client {
  std::string id;
  std::string name;
  std::string principal_id;  // `oid` of what it does as itself
  ClientProof proof = ClientProof::kNone;
  const App* app = nullptr;
  const Blueprint* blueprint = nullptr;  // the client is a blueprint itself
  const Agent* agent = nullptr;
  const Blueprint* parent = nullptr;  // of the agent
  ConsentLists consents = {};
};

}  // namespace behalf::idp
