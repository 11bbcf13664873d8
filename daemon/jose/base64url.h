// base64url without padding: RFC 4648 section 5, RFC 7515 section 2.
#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace behalf {

std::string Base64UrlEncode(std::string_view bytes);

// Null unless `text` is the one encoding of some bytes: no padding, no white
// space, none of `+` and `/`, unused bits zero. The empty text is of no bytes.
std::optional<std::string> Base64UrlDecode(std::string_view text);

}  // namespace behalf
