// Catalogs from documents, for tests of policies.
#pragma once

#include <gtest/gtest.h>

#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "blueprint/load.h"
#include "policies/facts.h"

namespace behalf {

// A host without named accounts: documents here write numbers.
class NumbersOnly final : public HostAccounts {
 public:
  std::optional<uid_t> Uid(const std::string&) const override { return std::nullopt; }
  std::optional<gid_t> Gid(const std::string&) const override { return std::nullopt; }
  std::vector<gid_t> GroupsOf(uid_t) const override { return {}; }
  uid_t OverflowUid() const override { return 65534; }
};

inline std::shared_ptr<const Catalog> CatalogOf(const std::string& documents) {
  const LoadResult result = Load({{.path = "test.yaml", .text = documents}}, NumbersOnly());
  for (const Issue& issue : result.issues) {
    if (issue.kind == Issue::Kind::kDocument) ADD_FAILURE() << Render(issue);
  }
  return result.catalog;
}

// A Daemon with the sockets agents, tools, admin and pod (isolated), and a
// Provider.
inline constexpr char kHouse[] = R"(apiVersion: behalf/v1
kind: Daemon
metadata:
  name: daemon
spec:
  sockets:
    - {name: agents, path: /run/behalf/agents.sock}
    - {name: tools, path: /run/behalf/tools.sock}
    - {name: admin, path: /run/behalf/admin.sock}
    - {name: pod, path: /run/behalf/pod.sock, isolated: true}
  admin:
    callers:
      - unix: {socket: admin, user: "900"}
  audit: {file: /var/log/behalf/audit.jsonl}
  stateDirectory: /var/lib/behalf
---
apiVersion: behalf/v1
kind: Provider
metadata:
  name: contoso
spec:
  dialect: entra
  tenant: 5b404cf4-a79d-4cfe-b866-24bf8e1a4921
)";

// The start of a Blueprint's spec; `agents` and `allow` follow.
inline constexpr char kBlueprintHead[] = R"(---
apiVersion: behalf/v1
kind: Blueprint
metadata:
  name: blueprint
spec:
  provider: contoso
  clientId: 8f6c0b2e-0c6c-4f0e-9a51-0f8f5b8a2f11
  credential:
    secret: {file: secret}
  subjects:
    audiences: [api://8f6c0b2e-0c6c-4f0e-9a51-0f8f5b8a2f11]
    tenants: [5b404cf4-a79d-4cfe-b866-24bf8e1a4921]
    clients: [3d1d5e0a-5d43-4d5e-8a8f-6a2f6f1f9b77]
    scopes: [access_agent]
)";

// A user whom this blueprint admits.
inline UserFacts AdmittedUser() {
  static const auto& scopes = *new std::vector<std::string>{"access_agent"};
  return {.tenant = "5b404cf4-a79d-4cfe-b866-24bf8e1a4921",
          .audience = "api://8f6c0b2e-0c6c-4f0e-9a51-0f8f5b8a2f11",
          .client = "3d1d5e0a-5d43-4d5e-8a8f-6a2f6f1f9b77",
          .scopes = scopes};
}

}  // namespace behalf
