#include "daemon/broker/validate.h"

#include <algorithm>
#include <string>
#include <string_view>
#include <vector>

#include "absl/strings/str_cat.h"
#include "daemon/base/error.h"

namespace behalf {
namespace {

constexpr std::size_t kMaxName = 63;
constexpr std::size_t kMaxScopes = 64;
constexpr std::size_t kMaxScope = 256;
constexpr std::size_t kMaxDeclared = 256;
constexpr std::size_t kMaxRequestId = 64;

absl::Status Invalid(std::string_view field, std::string_view problem) {
  return MakeError(
      ErrorDetail{.reason = Reason::kRequestInvalid, .metadata = {{"field", std::string(field)}}},
      absl::StrCat(absl::string_view(field.data(), field.size()), ": ",
                   absl::string_view(problem.data(), problem.size())));
}

// RFC 6749 section 3.3: printable ASCII but for space, quote and backslash.
bool IsScopeToken(std::string_view scope) {
  return !scope.empty() && scope.size() <= kMaxScope &&
         std::all_of(scope.begin(), scope.end(),
                     [](char c) { return c > ' ' && c <= '~' && c != '"' && c != '\\'; });
}

absl::Status CheckName(std::string_view field, std::string_view name, bool required) {
  if (name.empty()) return required ? Invalid(field, "is required") : absl::OkStatus();
  if (name.size() > kMaxName) return Invalid(field, "is longer than 63 bytes");
  return absl::OkStatus();
}

absl::Status CheckScopes(const std::vector<std::string>& scopes) {
  if (scopes.size() > kMaxScopes) return Invalid("scopes", "holds more than 64 scopes");
  if (std::all_of(scopes.begin(), scopes.end(), IsScopeToken)) return absl::OkStatus();
  return Invalid("scopes", "holds what is no scope; write one scope an entry, as the API names it");
}

absl::Status CheckDeclared(const Declared& declared) {
  for (const std::string* text :
       {&declared.purpose, &declared.tool_name, &declared.arguments_digest}) {
    if (text->size() > kMaxDeclared) return Invalid("declared", "holds more than 256 bytes");
  }
  return absl::OkStatus();
}

}  // namespace

absl::Status Validate(const TokenRequest& request) {
  if (request.subject_token.empty()) return Invalid("subject_token", "is required");
  absl::Status status = CheckName("agent", request.agent, false);
  status.Update(CheckName("api", request.api, true));
  status.Update(CheckScopes(request.scopes));
  status.Update(CheckDeclared(request.declared));
  return status;
}

absl::Status ValidateForHandle(const TokenRequest& request) {
  absl::Status status = Validate(request);
  status.Update(CheckName("tool", request.tool, true));
  const absl::Duration lifetime = request.lifetime.value_or(kLongestHandle);
  if (lifetime <= absl::ZeroDuration() || lifetime > kLongestHandle) {
    status.Update(Invalid("lifetime", "must be more than zero and at most 5 minutes"));
  }
  return status;
}

absl::Status Validate(const RedeemRequest& request) {
  if (request.handle.empty()) return Invalid("handle", "is required");
  if (request.request_id.size() > kMaxRequestId) {
    return Invalid("request_id", "is longer than 64 bytes");
  }
  return CheckScopes(request.scopes);
}

void Describe(const TokenRequest& request, AuditRecord& record) {
  record.agent = request.agent;
  record.tool = request.tool;
  record.api = request.api;
  record.scopes_asked = request.scopes;
  Describe(request.declared, record);
}

void Describe(const Declared& declared, AuditRecord& record) {
  record.declared = {.purpose = declared.purpose,
                     .tool_name = declared.tool_name,
                     .arguments_digest = declared.arguments_digest};
}

void Describe(const RedeemRequest& request, AuditRecord& record) {
  record.scopes_asked = request.scopes;
}

}  // namespace behalf
