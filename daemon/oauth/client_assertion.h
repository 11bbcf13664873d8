// The JWT by which a client with a certificate proves who it is (RFC 7523
// section 3).
#pragma once

#include "absl/time/time.h"
#include "blueprint/documents.h"
#include "daemon/base/secret_string.h"
#include "daemon/crypto/signing_certificate.h"

namespace behalf {

// For one request, to the token endpoint of the blueprint's provider: its `jti`
// is fresh. Valid from a minute before `now`, for ten minutes.
SecretString ClientAssertion(const Blueprint& blueprint, const SigningCertificate& certificate,
                             absl::Time now);

}  // namespace behalf
