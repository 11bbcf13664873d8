#include "tests/idp/admin_changes.h"

#include <algorithm>
#include <boost/json/array.hpp>

#include "absl/strings/str_cat.h"
#include "tests/idp/conditional_access.h"
#include "tests/idp/errors.h"
#include "tests/idp/errors_injected.h"
#include "tests/idp/guid.h"

namespace behalf::idp {
namespace {

absl::Status Mistake(std::string_view what, std::string_view value) {
  return absl::InvalidArgumentError(std::string(what).append(" ").append(value));
}

std::string Text(const json::object& body, std::string_view key) {
  return TextAt(body, key).value_or("");
}

absl::StatusOr<std::vector<std::string>> Texts(const json::object& body, std::string_view key,
                                               const std::vector<std::string>& exposed) {
  std::vector<std::string> texts;
  const json::value* list = body.if_contains(key);
  if (list == nullptr) return texts;
  if (!list->is_array()) return Mistake("a list must be", key);
  for (const json::value& item : list->get_array()) {
    const std::string text(item.is_string() ? std::string_view(item.get_string()) : "");
    if (std::find(exposed.begin(), exposed.end(), text) == exposed.end()) {
      return Mistake("the resource does not expose", text);
    }
    texts.push_back(text);
  }
  return texts;
}

std::vector<Consent>* ConsentsOf(Tenant& tenant, const std::string& client) {
  for (App& app : tenant.apps) {
    if (app.id == client) return &app.consents;
  }
  for (Blueprint& blueprint : tenant.blueprints) {
    if (blueprint.id == client) return &blueprint.consents;
    for (Agent& agent : blueprint.agents) {
      if (agent.id == client) return &agent.consents;
    }
  }
  return nullptr;
}

void Remove(std::vector<std::string>& from, const std::vector<std::string>& gone) {
  std::erase_if(from, [&](const std::string& item) {
    return std::find(gone.begin(), gone.end(), item) != gone.end();
  });
}

absl::Status Change(Tenant& tenant, std::vector<Consent>& consents, const json::object& body,
                    bool grant) {
  const Resource* resource = tenant.FindResource(Text(body, "resource"));
  if (resource == nullptr) return Mistake("no such resource:", Text(body, "resource"));
  const auto scopes = Texts(body, "scopes", resource->scopes);
  if (!scopes.ok()) return scopes.status();
  const auto roles = Texts(body, "roles", resource->roles);
  if (!roles.ok()) return roles.status();
  if (grant) {
    consents.push_back({resource->uri, *scopes, *roles});
    return absl::OkStatus();
  }
  for (Consent& consent : consents) {
    if (consent.resource != resource->uri) continue;
    Remove(consent.scopes, *scopes);
    Remove(consent.roles, *roles);
  }
  return absl::OkStatus();
}

void SetFlag(const json::object& body, std::string_view key, bool& flag) {
  const json::value* value = body.if_contains(key);
  if (value != nullptr && value->is_bool()) flag = value->get_bool();
}

Tenant* TenantOf(Directory& directory, const json::object& body) {
  const std::string name = Text(body, "tenant");
  if (name.empty()) return &directory.tenants.front();
  const auto found = std::find_if(
      directory.tenants.begin(), directory.tenants.end(),
      [&](const Tenant& tenant) { return tenant.id == name || tenant.domain == name; });
  return found == directory.tenants.end() ? nullptr : &*found;
}

bool IsRow(std::int64_t code) {
  const auto matches = [&](const ErrorRow& row) { return row.code == code; };
  return std::any_of(AllErrors().begin(), AllErrors().end(), matches) ||
         std::any_of(InjectedErrors().begin(), InjectedErrors().end(), matches);
}

}  // namespace

absl::StatusOr<Fault> FaultIn(const json::object& body) {
  const auto number = [&](std::string_view key, std::int64_t otherwise) {
    return static_cast<int>(NumberAt(body, key).value_or(otherwise));
  };
  const Fault fault{.code = number("code", 0),
                    .status = number("status", 0),
                    .retry_after = number("retryAfterSeconds", 0),
                    .times = number("times", 1),
                    .claims = Text(body, "claims"),
                    .client = Text(body, "client"),
                    .grant = Text(body, "grant")};
  if (!IsRow(fault.code)) return Mistake("no row of the error table:", absl::StrCat(fault.code));
  if (fault.times < 1) return Mistake("times must be positive, not", absl::StrCat(fault.times));
  if (fault.status != 0 && (fault.status < 400 || fault.status > 599)) {
    return Mistake("not the status of an error:", absl::StrCat(fault.status));
  }
  return fault;
}

absl::Status ChangeConsent(Directory& directory, const json::object& body, bool grant) {
  for (Tenant& tenant : directory.tenants) {
    std::vector<Consent>* consents = ConsentsOf(tenant, Text(body, "client"));
    if (consents != nullptr) return Change(tenant, *consents, body, grant);
  }
  return Mistake("no such client:", Text(body, "client"));
}

absl::Status ChangeUser(Directory& directory, const json::object& body) {
  const std::string name = Text(body, "user");
  for (Tenant& tenant : directory.tenants) {
    for (User& user : tenant.users) {
      if (user.id != name && user.upn != name) continue;
      SetFlag(body, "requireMfa", user.require_mfa);
      SetFlag(body, "disabled", user.disabled);
      return absl::OkStatus();
    }
  }
  return Mistake("no such user:", name);
}

absl::Status SetPolicy(Directory& directory, const json::object& body) {
  Tenant* tenant = TenantOf(directory, body);
  if (tenant == nullptr) return Mistake("no such tenant:", Text(body, "tenant"));
  const std::optional<std::string> id = ParseGuid(Text(body, "id"));
  if (!id.has_value()) return Mistake("not a GUID:", Text(body, "id"));
  Policy policy{.id = *id,
                .name = Text(body, "name"),
                .users = TextsAt(body, "users"),
                .resources = TextsAt(body, "resources"),
                .clients = TextsAt(body, "clients"),
                .require = Text(body, "require"),
                .context = Text(body, "authContext")};
  if (auto mistake = MistakeIn(policy, *tenant); !mistake.empty()) {
    return absl::InvalidArgumentError(mistake);
  }
  std::erase_if(tenant->conditional_access, [&](const auto& old) { return old.id == *id; });
  tenant->conditional_access.push_back(std::move(policy));
  return absl::OkStatus();
}

absl::Status RemovePolicy(Directory& directory, const json::object& body) {
  const std::string id = ParseGuid(Text(body, "id")).value_or("");
  for (Tenant& tenant : directory.tenants) {
    const auto gone = std::erase_if(tenant.conditional_access,
                                    [&](const Policy& policy) { return policy.id == id; });
    if (gone > 0) return absl::OkStatus();
  }
  return Mistake("no such policy:", Text(body, "id"));
}

absl::Status SetThrottle(Directory& directory, const json::object& body) {
  Tenant* tenant = TenantOf(directory, body);
  if (tenant == nullptr) return Mistake("no such tenant:", Text(body, "tenant"));
  Throttle throttle;
  const std::pair<std::string_view, int*> numbers[] = {
      {"requests", &throttle.requests},
      {"seconds", &throttle.seconds},
      {"retryAfterSeconds", &throttle.retry_after}};
  for (const auto& [key, number] : numbers) {
    const std::int64_t value = NumberAt(body, key).value_or(0);
    if (value < 1 || value > 1'000'000) return Mistake("a positive number must be", key);
    *number = static_cast<int>(value);
  }
  tenant->throttle = throttle;
  return absl::OkStatus();
}

absl::Status RemoveThrottle(Directory& directory, const json::object& body) {
  Tenant* tenant = TenantOf(directory, body);
  if (tenant == nullptr) return Mistake("no such tenant:", Text(body, "tenant"));
  tenant->throttle.reset();
  return absl::OkStatus();
}

}  // namespace behalf::idp
