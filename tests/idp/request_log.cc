#include "tests/idp/request_log.h"

#include <algorithm>
#include <array>

#include "tests/idp/base64url.h"

namespace behalf::idp {
namespace {

constexpr std::size_t kMost = 1000;

// Fields whose values say nothing secret; all others are digested.
constexpr auto kPlain = std::to_array<std::string_view>(
    {"claims", "client-request-id", "client_assertion_type", "client_id", "client_info", "fmi_path",
     "grant_type", "redirect_uri", "requested_token_use", "scope", "user_id", "username",
     "x-client-CPU", "x-client-OS", "x-client-SKU", "x-client-VER", "x-ms-lib-capability"});

json::object Fields(const Form& form) {
  json::object fields;
  for (const auto& [name, value] : form.all()) {
    const bool plain = std::find(kPlain.begin(), kPlain.end(), name) != kPlain.end();
    fields[name] = plain ? value : "sha256:" + Base64Url(Sha256(value));
  }
  return fields;
}

}  // namespace

void RequestLog::Add(const Request& request, const Response& response, absl::Time now) {
  json::object entry{{"time", absl::FormatTime(absl::RFC3339_full, now, absl::UTCTimeZone())},
                     {"method", request.method},
                     {"path", request.path},
                     {"status", response.status}};
  for (const auto& [key, value] : response.facts) entry[key] = value;
  if (const auto form = Form::Parse(request.body)) entry["form"] = Fields(*form);
  const std::lock_guard lock(mutex_);
  entries_.push_back(std::move(entry));
  if (entries_.size() > kMost) entries_.pop_front();
}

void RequestLog::Clear() {
  const std::lock_guard lock(mutex_);
  entries_.clear();
}

json::array RequestLog::All() const {
  const std::lock_guard lock(mutex_);
  return json::array(entries_.begin(), entries_.end());
}

}  // namespace behalf::idp
