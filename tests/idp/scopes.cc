#include "tests/idp/scopes.h"

#include <algorithm>
#include <array>
#include <set>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "absl/strings/str_split.h"

namespace behalf::idp {
namespace {

constexpr std::string_view kDefault = ".default";
constexpr std::string_view kGraph = "https://graph.microsoft.com";
constexpr std::array<std::string_view, 4> kOidc = {"openid", "profile", "email", "offline_access"};

struct Asked {
  std::string resource;
  std::string name;
};

std::vector<std::string> Words(std::string_view text) {
  return absl::StrSplit(absl::string_view(text.data(), text.size()), ' ', absl::SkipEmpty());
}

Asked SplitScope(const std::string& scope) {
  const std::size_t slash = scope.rfind('/');
  if (slash == std::string::npos) return {std::string(kGraph), scope};
  return {scope.substr(0, slash), scope.substr(slash + 1)};
}

bool IsOidc(const std::string& scope) {
  return std::find(kOidc.begin(), kOidc.end(), scope) != kOidc.end();
}

bool Exposes(const Resource& resource, const std::string& scope) {
  return std::find(resource.scopes.begin(), resource.scopes.end(), scope) != resource.scopes.end();
}

Outcome<ScopeRequest> Resolve(std::string_view text, const std::vector<Asked>& asked,
                              const Tenant& tenant) {
  ScopeRequest request;
  request.resource = tenant.FindResource(asked.front().resource);
  if (request.resource == nullptr) {
    return Refusal{500011, {asked.front().resource, tenant.name}};
  }
  for (const Asked& scope : asked) {
    if (scope.name == kDefault) {
      request.everything = true;
    } else if (Exposes(*request.resource, scope.name)) {
      request.names.push_back(scope.name);
    } else {
      return Refusal{70011, {std::string(text)}};
    }
  }
  if (request.everything && !request.names.empty()) return Refusal{70011, {std::string(text)}};
  return request;
}

}  // namespace

Outcome<ScopeRequest> ReadScopes(std::string_view text, const Tenant& tenant) {
  bool openid = false;
  bool offline_access = false;
  std::vector<Asked> asked;
  std::set<std::string> resources;
  for (const std::string& scope : Words(text)) {
    openid = openid || scope == "openid";
    offline_access = offline_access || scope == "offline_access";
    if (IsOidc(scope)) continue;
    asked.push_back(SplitScope(scope));
    resources.insert(asked.back().resource);
  }
  if (asked.empty()) return Refusal{70011, {std::string(text)}};
  if (resources.size() > 1) return Refusal{700022, {std::string(text)}};
  const Outcome<ScopeRequest> resolved = Resolve(text, asked, tenant);
  if (!resolved.ok()) return resolved;
  ScopeRequest request = *resolved;
  request.openid = openid;
  request.offline_access = offline_access;
  return request;
}

std::string ResourceName(std::string_view text) {
  for (const std::string& scope : Words(text)) {
    if (!IsOidc(scope)) return SplitScope(scope).resource;
  }
  return "";
}

Outcome<std::string> ReadDefaultScope(std::string_view text) {
  std::set<std::string> resources;
  for (const std::string& word : Words(text)) {
    const Asked asked = SplitScope(word);
    if (asked.name != kDefault) return Refusal{1002012, {std::string(text)}};
    resources.insert(asked.resource);
  }
  if (resources.size() > 1) return Refusal{700022, {std::string(text)}};
  return *resources.begin();
}

std::string QualifiedScopes(const Resource& resource, const std::vector<std::string>& scopes) {
  return absl::StrJoin(scopes, " ", [&](std::string* out, const std::string& scope) {
    absl::StrAppend(out, resource.uri, "/", scope);
  });
}

}  // namespace behalf::idp
