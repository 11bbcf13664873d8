// Tokens that the daemon signs itself.
#pragma once

#include <string_view>

#include "daemon/base/secret_string.h"
#include "daemon/crypto/signing_certificate.h"

namespace behalf {

// The claims, a JSON object, signed by PS256 in compact form (RFC 7515 section
// 7.1). The header names the certificate by `x5t#S256`. Thread-safe.
SecretString SignedJwt(std::string_view claims, const SigningCertificate& certificate);

}  // namespace behalf
