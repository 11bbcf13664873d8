#include "daemon/crypto/random.h"

#include <openssl/rand.h>

#include "daemon/crypto/openssl.h"

namespace behalf {

std::string RandomBytes(std::size_t size) {
  std::string bytes(size, '\0');
  Require(RAND_priv_bytes_ex(nullptr, Octets(bytes), size, 0) == 1);
  return bytes;
}

}  // namespace behalf
