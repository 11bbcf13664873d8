#include "daemon/jose/rsa_modulus.h"

#include <algorithm>
#include <array>

namespace behalf {
namespace {

// The generator's primorial has these for every size of key from 512 bits.
constexpr std::array kPrimes = {3u,   5u,   7u,   11u,  13u,  17u,  19u,  23u,  29u,  31u,
                                37u,  41u,  43u,  47u,  53u,  59u,  61u,  67u,  71u,  73u,
                                79u,  83u,  89u,  97u,  101u, 103u, 107u, 109u, 113u, 127u,
                                131u, 137u, 139u, 149u, 151u, 157u, 163u, 167u};

bool IsPowerOf65537(BN_ULONG residue, BN_ULONG prime) {
  BN_ULONG power = 1;
  do {
    if (power == residue) return true;
    power = power * 65537 % prime;
  } while (power != 1);
  return false;
}

}  // namespace

bool HasRocaFingerprint(const BIGNUM* modulus) {
  return std::all_of(kPrimes.begin(), kPrimes.end(), [modulus](unsigned prime) {
    return IsPowerOf65537(BN_mod_word(modulus, prime), prime);
  });
}

}  // namespace behalf
