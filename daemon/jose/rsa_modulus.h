// Whether an RSA modulus comes from the generator with the ROCA weakness.
#pragma once

#include <openssl/bn.h>

namespace behalf {

// CVE-2017-15361: the primes of Infineon's RSALib are powers of 65537 modulo
// many small primes, and so is their product. One in 2^27 of other moduli looks
// like that by chance. Thread-safe.
bool HasRocaFingerprint(const BIGNUM* modulus);

}  // namespace behalf
