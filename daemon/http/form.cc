#include "daemon/http/http_client.h"

namespace behalf {
namespace {

bool IsUnreserved(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '-' ||
         c == '.' || c == '_' || c == '~';
}

void AppendEncoded(std::string& form, std::string_view text) {
  constexpr std::string_view kHex = "0123456789ABCDEF";
  for (const char c : text) {
    if (IsUnreserved(c)) {
      form.push_back(c);
      continue;
    }
    const auto byte = static_cast<unsigned char>(c);
    form.push_back('%');
    form.push_back(kHex[byte >> 4]);
    form.push_back(kHex[byte & 15]);
  }
}

}  // namespace

void AppendFormField(std::string& form, std::string_view name, std::string_view value) {
  if (!form.empty()) form.push_back('&');
  AppendEncoded(form, name);
  form.push_back('=');
  AppendEncoded(form, value);
}

}  // namespace behalf
