// What stands in the head of a response. Pure functions.
#pragma once

#include <optional>
#include <string_view>

#include "absl/time/time.h"
#include "daemon/http/http_client.h"

namespace behalf {

// Keeps what a line of the head says, newline included or not, where it is a
// header that HttpResponse has. Of two with the same name the later one counts.
void ReadHeader(std::string_view line, HttpResponse& response);

// A Date (RFC 9110 section 5.6.7) in the form that senders must use,
// "Sun, 06 Nov 1994 08:49:37 GMT", to the letter; nothing for any other text,
// and none before 1970.
std::optional<absl::Time> ParseHttpDate(std::string_view text);

}  // namespace behalf
