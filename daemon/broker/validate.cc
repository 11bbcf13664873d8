#include "daemon/broker/validate.h"

#include <algorithm>
#include <iterator>
#include <string>
#include <string_view>
#include <vector>

#include "absl/strings/ascii.h"
#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "daemon/base/error.h"

namespace behalf {
namespace {

constexpr std::size_t kMaxName = 63;
constexpr std::size_t kMaxScopes = 64;
constexpr std::size_t kMaxScope = 256;
constexpr std::size_t kMaxDeclared = 256;
constexpr std::size_t kMaxRequestId = 64;
constexpr std::size_t kHandleLetters = 43;

absl::Status Invalid(std::string_view field, std::string_view problem) {
  return MakeError(
      ErrorDetail{.reason = Reason::kRequestInvalid, .metadata = {{"field", std::string(field)}}},
      absl::StrCat(absl::string_view(field.data(), field.size()), ": ",
                   absl::string_view(problem.data(), problem.size())));
}

// A token or handle that was put in the wrong field must not come to the
// record: a JWT begins like this, and a handle is so many letters of base64url.
bool MayBeSecret(std::string_view text) {
  const bool handle_sized =
      text.size() == kHandleLetters && std::all_of(text.begin(), text.end(), [](char c) {
        return absl::ascii_isalnum(static_cast<unsigned char>(c)) || c == '-' || c == '_';
      });
  return handle_sized || text.find("eyJ") != std::string_view::npos;
}

// RFC 6749 section 3.3: printable ASCII but for space, quote and backslash.
bool IsScopeToken(std::string_view scope) {
  return !scope.empty() && scope.size() <= kMaxScope && !MayBeSecret(scope) &&
         std::all_of(scope.begin(), scope.end(),
                     [](char c) { return c > ' ' && c <= '~' && c != '"' && c != '\\'; });
}

// As documents have them; neither a token nor a handle is one.
bool IsName(std::string_view name) {
  return !name.empty() && name.size() <= kMaxName && name.front() != '-' && name.back() != '-' &&
         std::all_of(name.begin(), name.end(), [](char c) {
           return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '-';
         });
}

absl::Status CheckName(std::string_view field, std::string_view name, bool required) {
  if (name.empty()) return required ? Invalid(field, "is required") : absl::OkStatus();
  if (name.size() > kMaxName) return Invalid(field, "is longer than 63 bytes");
  if (!IsName(name)) {
    return Invalid(field, "is no name: those are of lower-case letters, digits and inner hyphens");
  }
  return absl::OkStatus();
}

std::string NameOrNothing(const std::string& name) { return IsName(name) ? name : ""; }

std::string TextOrNothing(const std::string& text) { return MayBeSecret(text) ? "" : text; }

std::vector<std::string> ScopesAmong(const std::vector<std::string>& asked) {
  std::vector<std::string> scopes;
  std::copy_if(asked.begin(), asked.end(), std::back_inserter(scopes), IsScopeToken);
  return scopes;
}

absl::Status CheckScopes(const std::vector<std::string>& scopes) {
  if (scopes.size() > kMaxScopes) return Invalid("scopes", "holds more than 64 scopes");
  for (const std::string& scope : scopes) {
    if (scope == ".default" || absl::EndsWith(scope, "/.default")) {
      return Invalid("scopes", "cannot hold .default; leave them out for all that is allowed");
    }
    if (absl::StrContains(scope, "://")) {
      return Invalid("scopes",
                     "stand without the resource, as in Mail.Read; one request is for one API");
    }
  }
  if (std::all_of(scopes.begin(), scopes.end(), IsScopeToken)) return absl::OkStatus();
  return Invalid("scopes", "holds what is no scope; write one scope an entry, as the API names it");
}

absl::Status CheckDeclared(const Declared& declared) {
  for (const std::string* text :
       {&declared.purpose, &declared.tool_name, &declared.arguments_digest}) {
    if (text->size() > kMaxDeclared) return Invalid("declared", "holds more than 256 bytes");
    if (MayBeSecret(*text)) return Invalid("declared", "holds what may be a token or a handle");
  }
  return absl::OkStatus();
}

// An application is granted roles as a whole, and has no user's token.
absl::Status CheckAccess(const TokenRequest& request) {
  if (!request.access) return Invalid("access", "is none that is known");
  if (*request.access == Access::kDelegated) return absl::OkStatus();
  const absl::Status scopes = ValidateScopes(request.scopes, *request.access);
  if (!scopes.ok()) return scopes;
  if (!request.subject_token.empty()) {
    return Invalid("subject_token", "is for delegated access: an application acts for nobody");
  }
  return absl::OkStatus();
}

absl::Status CheckWhat(const TokenRequest& request) {
  absl::Status status = CheckName("agent", request.agent, false);
  status.Update(CheckName("api", request.api, true));
  status.Update(CheckAccess(request));
  status.Update(CheckScopes(request.scopes));
  status.Update(CheckDeclared(request.declared));
  return status;
}

}  // namespace

absl::Status ValidateScopes(const std::vector<std::string>& scopes, Access access) {
  if (access == Access::kDelegated || scopes.empty()) return absl::OkStatus();
  return Invalid("scopes", "cannot be named for application access: all that was granted comes");
}

absl::Status Validate(const TokenRequest& request) {
  if (request.subject_token.empty() && request.access == Access::kDelegated) {
    return Invalid("subject_token", "is required for delegated access");
  }
  return CheckWhat(request);
}

absl::Status ValidateQuestion(const TokenRequest& request, std::string_view socket) {
  absl::Status status = CheckName("caller", socket, true);
  status.Update(CheckName("tool", request.tool, false));
  status.Update(CheckWhat(request));
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
  record.agent = NameOrNothing(request.agent);
  record.tool = NameOrNothing(request.tool);
  record.api = NameOrNothing(request.api);
  record.scopes_asked = ScopesAmong(request.scopes);
  Describe(request.declared, record);
  record.trace = request.trace;
}

void Describe(const Declared& declared, AuditRecord& record) {
  record.declared = {.purpose = TextOrNothing(declared.purpose),
                     .tool_name = TextOrNothing(declared.tool_name),
                     .arguments_digest = TextOrNothing(declared.arguments_digest)};
}

void Describe(const RedeemRequest& request, AuditRecord& record) {
  record.trace = request.trace;
  record.scopes_asked = ScopesAmong(request.scopes);
}

}  // namespace behalf
