#include "tests/idp/redirect_uri.h"

#include <algorithm>

#include "absl/strings/ascii.h"
#include "absl/strings/str_cat.h"
#include "tests/idp/pages.h"

namespace behalf::idp {
namespace {

constexpr std::string_view kLocal = "http://localhost";

// What stands behind http://localhost and its port; nothing for other URIs.
std::optional<std::string_view> LocalPath(std::string_view uri) {
  if (!uri.starts_with(kLocal)) return std::nullopt;
  std::string_view rest = uri.substr(kLocal.size());
  if (rest.starts_with(':')) {
    rest.remove_prefix(1);
    rest.remove_prefix(std::min(rest.find_first_not_of("0123456789"), rest.size()));
  }
  if (!rest.empty() && rest.front() != '/' && rest.front() != '?') return std::nullopt;
  return rest;
}

std::string EscapeUri(std::string_view text) {
  std::string escaped;
  for (const char symbol : text) {
    const auto byte = static_cast<unsigned char>(symbol);
    if (absl::ascii_isalnum(byte) || std::string_view("-._~").find(symbol) != text.npos) {
      escaped += symbol;
    } else {
      absl::StrAppend(&escaped, "%", absl::Hex(byte, absl::kZeroPad2));
    }
  }
  return escaped;
}

}  // namespace

bool IsRedirectUri(std::string_view uri) {
  const std::size_t colon = uri.find(':');
  if (colon == 0 || colon == uri.npos || colon + 1 == uri.size()) return false;
  return std::all_of(uri.begin(), uri.end(), [](char symbol) {
    return absl::ascii_isgraph(static_cast<unsigned char>(symbol)) &&
           std::string_view("\"'<>\\;,#").find(symbol) == std::string_view::npos;
  });
}

bool IsRegistered(std::string_view uri, const std::vector<std::string>& registered) {
  if (!IsRedirectUri(uri)) return false;
  return std::any_of(registered.begin(), registered.end(), [&](const std::string& known) {
    const auto local = LocalPath(known);
    return known == uri || (local.has_value() && local == LocalPath(uri));
  });
}

std::optional<ResponseMode> ParseResponseMode(std::string_view text) {
  if (text.empty() || text == "query") return ResponseMode::kQuery;
  if (text == "fragment") return ResponseMode::kFragment;
  if (text == "form_post") return ResponseMode::kFormPost;
  return std::nullopt;
}

std::string Destination(std::string_view uri) {
  const std::size_t colon = uri.find(':');
  if (uri.substr(colon, 3) != "://") return std::string(uri.substr(0, colon + 1));
  return std::string(uri.substr(0, uri.find_first_of("/?", colon + 3)));
}

Response SendBack(const ReplyAddress& address, std::map<std::string, std::string> fields) {
  if (address.state.has_value()) fields["state"] = *address.state;
  if (address.mode == ResponseMode::kFormPost) {
    return DeliveryPage(address.uri, fields, Destination(address.uri));
  }
  const bool fragment = address.mode == ResponseMode::kFragment;
  std::string target = address.uri;
  std::string_view separator = fragment ? "#" : target.find('?') == target.npos ? "?" : "&";
  for (const auto& [name, value] : fields) {
    target.append(separator).append(name).append("=").append(EscapeUri(value));
    separator = "&";
  }
  Response response{.status = 302};
  response.headers.emplace_back("Location", target);
  response.headers.emplace_back("Cache-Control", "no-store, no-cache");
  return response;
}

}  // namespace behalf::idp
