// Keys as an issuer publishes them.
#include "daemon/jose/key_set.h"

#include <cstddef>
#include <cstdint>
#include <string_view>

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  const auto keys =
      behalf::KeySet::Parse(std::string_view(reinterpret_cast<const char*>(data), size));
  if (keys.ok() && (*keys)->keys().empty()) __builtin_trap();
  return 0;
}
