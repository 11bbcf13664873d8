#include "tests/idp/token_request.h"

namespace behalf::idp {

Outcome<std::string> Required(const TokenRequest& request, std::string_view name) {
  const std::optional<std::string_view> value = request.form.Get(name);
  if (!value.has_value()) return Refusal{900144, {std::string(name)}};
  return std::string(*value);
}

Refusal UnknownClient(const TokenRequest& request) {
  return {700016, {request.client_id, request.tenant.name}};
}

std::string ErrorTime(absl::Time time) {
  return absl::FormatTime("%Y-%m-%dT%H:%M:%E7SZ", time, absl::UTCTimeZone());
}

}  // namespace behalf::idp
