// The arithmetic of signatures, for keys already found fit.
#pragma once

#include <openssl/evp.h>

#include <string_view>

#include "daemon/jose/key_set.h"

namespace behalf {

// RFC 7518 sections 3.3 to 3.5. `key` is an RSA key for RS256 and PS256, a
// P-256 key for ES256. Thread-safe; leaves no error behind in OpenSSL's queue.
bool SignatureHolds(EVP_PKEY* key, JwsAlgorithm algorithm, std::string_view input,
                    std::string_view signature);

}  // namespace behalf
