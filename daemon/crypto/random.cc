#include "daemon/crypto/random.h"

#include <openssl/rand.h>

#include "daemon/crypto/digest.h"
#include "daemon/crypto/openssl.h"

namespace behalf {

std::string RandomBytes(std::size_t size) {
  std::string bytes(size, '\0');
  Require(RAND_priv_bytes_ex(nullptr, Octets(bytes), size, 0) == 1);
  return bytes;
}

std::string RandomUuid() {
  std::string bytes = RandomBytes(16);
  bytes[6] = static_cast<char>((bytes[6] & 0x0f) | 0x40);
  bytes[8] = static_cast<char>((bytes[8] & 0x3f) | 0x80);
  std::string uuid = Hex(bytes);
  for (const std::size_t at : {8, 13, 18, 23}) uuid.insert(at, 1, '-');
  return uuid;
}

}  // namespace behalf
