#include "tests/fakes/claims.h"

#include "absl/strings/str_cat.h"
#include "daemon/jose/base64url.h"

namespace behalf {

Claims& Claims::Text(const std::string& name, std::string_view value) {
  return Json(name, absl::StrCat("\"", absl::string_view(value.data(), value.size()), "\""));
}

Claims& Claims::Number(const std::string& name, std::int64_t value) {
  return Json(name, std::to_string(value));
}

Claims& Claims::Time(const std::string& name, absl::Time value) {
  return Number(name, absl::ToUnixSeconds(value));
}

Claims& Claims::Json(const std::string& name, std::string_view value) {
  values_[name] = value;
  return *this;
}

Claims& Claims::Without(const std::string& name) {
  values_.erase(name);
  return *this;
}

std::string Claims::ToJson() const {
  std::string json = "{";
  for (const auto& [name, value] : values_) {
    absl::StrAppend(&json, json.size() == 1 ? "" : ",", "\"", name, "\":", value);
  }
  return json + "}";
}

std::string UnsignedToken(const Claims& claims) {
  return absl::StrCat(Base64UrlEncode(R"({"alg":"RS256","kid":"api","typ":"JWT"})"), ".",
                      Base64UrlEncode(claims.ToJson()), ".", Base64UrlEncode("unsigned"));
}

}  // namespace behalf
