// Authenticated encryption of small values: AES-256-GCM (NIST SP 800-38D).
// A sealed value is a random 96-bit nonce, the ciphertext, a 128-bit tag; do
// not seal more than 2^32 values under one key. Thread-safe.
#pragma once

#include <string>
#include <string_view>

#include "absl/status/statusor.h"
#include "daemon/base/secret_string.h"

namespace behalf {

// `associated` is not stored, but Unseal wants the same. Fails (kInternal)
// when the key has not 32 bytes.
absl::StatusOr<std::string> Seal(std::string_view key32, std::string_view plaintext,
                                 std::string_view associated);

// Fails (kInternal) when a bit of the key, of `sealed` or of `associated`
// differs; it does not say which.
absl::StatusOr<SecretString> Unseal(std::string_view key32, std::string_view sealed,
                                    std::string_view associated);

}  // namespace behalf
