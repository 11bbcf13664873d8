#include "tests/idp/admin_changes.h"

#include <algorithm>
#include <boost/json/array.hpp>

#include "absl/strings/str_cat.h"
#include "tests/idp/errors.h"
#include "tests/idp/errors_injected.h"

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

}  // namespace behalf::idp
