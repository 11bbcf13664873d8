// Digests and keyed digests: SHA-256 (FIPS 180-4), HMAC (RFC 2104), HKDF
// (RFC 5869). Thread-safe. Results are raw bytes. Should the library fail,
// which it does only without memory, the process ends.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>

#include "daemon/base/secret_string.h"

namespace behalf {

// 32 bytes.
std::string Sha256(std::string_view data);

// 32 bytes. Any key length, none included.
std::string HmacSha256(std::string_view key, std::string_view data);

// `size` bytes, 1 to 8160, derived from `key` for the purpose `info`; with
// SHA-256 and an empty salt.
std::string Hkdf(const SecretString& key, std::string_view info, std::size_t size);

// Two lower-case digits a byte.
std::string Hex(std::string_view bytes);

// In a time that depends on the lengths only.
bool ConstantTimeEquals(std::string_view a, std::string_view b);

}  // namespace behalf
