// The token endpoint's answers, good and bad.
#include "daemon/oauth/token_response.h"

#include <cstddef>
#include <cstdint>
#include <string_view>

#include "daemon/oauth/entra_errors.h"

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  behalf::HttpResponse response;
  response.status = 400;
  response.body = behalf::SecretString(std::string_view(reinterpret_cast<const char*>(data), size));
  if (behalf::EntraError(response, behalf::EntraLeg::kOnBehalfOf).ok()) __builtin_trap();
  response.status = 200;
  const auto reply = behalf::ParseTokenResponse(response);
  if (reply.ok() && reply->access_token.empty()) __builtin_trap();
  return 0;
}
