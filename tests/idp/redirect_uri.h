// Where the answer to a sign-in goes: back to the client.
#pragma once

#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "tests/idp/message.h"

namespace behalf::idp {

// Absolute, of printable ASCII without spaces and quotes, without a fragment.
bool IsRedirectUri(std::string_view uri);

// Equal to a registered one; for http://localhost the port may be any, as
// programs take a free one (RFC 8252 section 7.3).
bool IsRegistered(std::string_view uri, const std::vector<std::string>& registered);

enum class ResponseMode { kQuery, kFragment, kFormPost };
// `query` when nothing is said; nothing for a mode that does not exist.
std::optional<ResponseMode> ParseResponseMode(std::string_view text);

struct ReplyAddress {
  std::string uri;
  ResponseMode mode = ResponseMode::kQuery;
  std::optional<std::string> state = {};  // echoed
};

// The origin of `uri`, or its scheme with the colon where it has none.
std::string Destination(std::string_view uri);

Response SendBack(const ReplyAddress& address, std::map<std::string, std::string> fields);

}  // namespace behalf::idp
