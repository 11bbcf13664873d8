#include "daemon/oauth/token_response.h"

#include <algorithm>
#include <cstdint>
#include <string>

#include "absl/strings/numbers.h"
#include "daemon/base/error.h"
#include "daemon/jose/json.h"

namespace behalf {
namespace {

// Some servers write the number as a string.
std::optional<std::int64_t> ExpiresIn(const JsonObject& json) {
  if (const auto number = json.Integer("expires_in")) return number;
  const auto text = json.String("expires_in");
  std::int64_t number = 0;
  if (!text || !absl::SimpleAtoi(absl::string_view(text->data(), text->size()), &number)) {
    return std::nullopt;
  }
  return number;
}

}  // namespace

absl::StatusOr<ProviderReply> ParseTokenResponse(const HttpResponse& response) {
  const auto json = JsonObject::Parse(response.body.Reveal());
  if (!json.ok()) return MakeError(Reason::kReplyMalformed, "the reply is not a JSON object");
  const auto token = json->String("access_token");
  if (!token || token->empty()) {
    return MakeError(Reason::kReplyMalformed, "the reply holds no access_token");
  }
  if (json->Has("expires_in") && !ExpiresIn(*json)) {
    return MakeError(Reason::kReplyMalformed, "expires_in of the reply is not a number");
  }
  return ProviderReply{.token_type = std::string(json->String("token_type").value_or("")),
                       .access_token = SecretString(*token),
                       .expires_in = ExpiresIn(*json),
                       .correlation_id = {}};
}

absl::Duration RetryAfter(const HttpResponse& response, absl::Duration otherwise) {
  std::int64_t seconds = 0;
  if (!absl::SimpleAtoi(response.retry_after, &seconds)) return otherwise;
  return absl::Seconds(std::clamp<std::int64_t>(seconds, 1, 300));
}

}  // namespace behalf
