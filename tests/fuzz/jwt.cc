// A token as a caller sends it.
#include "daemon/jose/jwt.h"

#include <cstddef>
#include <cstdint>
#include <string_view>

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  const auto jwt =
      behalf::UnverifiedJwt::Parse(std::string_view(reinterpret_cast<const char*>(data), size));
  if (jwt.ok() && jwt->signing_input().size() >= size) __builtin_trap();
  return 0;
}
