// What must be so of PEM texts (RFC 7468) before TLS is made of them.
#pragma once

#include <string_view>

namespace behalf {

// Whether there is a certificate that can be read. Thread-safe, as the next.
bool HoldsCertificate(std::string_view pem);

// Whether the key belongs to the first of the certificates, which is the one
// that TLS shows. Not for keys that a password protects.
bool IsKeyOf(std::string_view key, std::string_view certificates);

}  // namespace behalf
