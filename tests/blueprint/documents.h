// Documents for tests to build on. Every text ends like a file.
#pragma once

#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_replace.h"
#include "blueprint/load.h"

namespace behalf {

inline constexpr char kProviderText[] = R"(---
apiVersion: behalf/v1
kind: Provider
metadata:
  name: contoso
spec:
  dialect: entra
  tenant: 5B404CF4-a79d-4cfe-b866-24bf8e1a4921
...
)";

inline constexpr char kApiText[] = R"(---
apiVersion: behalf/v1
kind: Api
metadata:
  name: graph
spec:
  resource: https://graph.microsoft.com
  audiences: [https://graph.microsoft.com, 00000003-0000-0000-c000-000000000000]
  scopes: [User.Read, Mail.Read]
...
)";

inline constexpr char kToolText[] = R"(---
apiVersion: behalf/v1
kind: Tool
metadata:
  name: mail-search
spec:
  callers:
    - unix: {socket: agents, user: mail-search}
...
)";

inline constexpr char kBlueprintText[] = R"(---
apiVersion: behalf/v1
kind: Blueprint
metadata:
  name: invoice-assistant
spec:
  provider: contoso
  clientId: 8F6C0B2E-0c6c-4f0e-9a51-0f8f5b8a2f11
  credential:
    secret: {file: secrets/client}
  subjects:
    audiences: [b, a]
    tenants: [5b404cf4-A79D-4cfe-b866-24bf8e1a4921]
    clients: [3d1d5e0a-5d43-4d5e-8a8f-6a2f6f1f9b77]
    scopes: [access_agent]
  agents:
    - name: invoice-bot
      id: b1a7b9de-7d0e-4a4e-9a56-5bb3a4a0c1d2
      callers:
        - unix: {socket: agents, user: invoice}
        - unix: {socket: agents, group: agents}
    - name: travel-bot
      id: b1a7b9de-7d0e-4a4e-9a56-5bb3a4a0c1d3
      callers:
        - unix: {socket: travel, user: travel, group: agents}
  allow:
    - tool: mail-search
      api: graph
      scopes: [Mail.Read]
      accept: [User.Read]
      maxLifetime: 1h30m
      reuseFor: 10m
    - api: graph
      scopes: [User.Read]
      maxLifetime: 45s
...
)";

inline constexpr char kDaemonText[] = R"(---
apiVersion: behalf/v1
kind: Daemon
metadata:
  name: node
spec:
  sockets:
    - {name: agents, path: /run/behalf/agents.sock, mode: "0660", group: agents}
    - {name: admin, path: /run/behalf/admin.sock}
    - {name: travel, systemd: travel, isolated: true}
    - {name: tools, path: tools.sock, isolated: true}
  admin:
    callers:
      - unix: {socket: admin, user: root}
  audit: {file: /var/log/behalf/audit.jsonl}
  stateDirectory: state
...
)";

// For the whole set below; states everything that a rule can.
inline constexpr char kPolicyText[] = R"(---
apiVersion: behalf/v1
kind: Policy
metadata:
  name: everything
spec:
  rules:
    - name: all-conditions
      because: It states all there is.
      when:
        agent: {any: [travel-bot, invoice-bot]}
        agentLabels: {any: [team=finance], all: [tier=1], none: [team=sales]}
        blueprint: {none: [invoice-assistant]}
        tool: {any: [mail-search]}
        toolLabels: {none: [runs=elsewhere]}
        api: {any: [graph]}
        apiLabels: {all: [data=personal]}
        access: {any: [delegated]}
        scopeRequest: {any: [default]}
        caller:
          any: [{unix: {socket: agents, user: invoice}}]
          none: [{unix: {socket: agents, group: tools}}]
        tenant: {any: [5B404CF4-a79d-4cfe-b866-24bf8e1a4921]}
        groups: {any: [5B404CF4-A79D-4CFE-B866-24BF8E1A4921, Finance Approvers]}
        roles: {all: [Approver]}
        acr: {none: ["0"]}
        amr: {any: [mfa]}
        authContexts: {none: [c1]}
        guest: false
        signedInWithin: 720h
        scopes: {any: [Mail.Read]}
        time: {zone: Europe/Berlin, days: [sunday, monday], from: "22:00", to: "24:00"}
        purpose: {any: [monthly-close]}
        toolName: {any: [search_mail]}
        argumentsDigest: {none: [abc]}
      unless:
        guest: true
      then:
        deny: true
        warn: true
        onlyScopes: [User.Read, Mail.Read]
        withoutScopes: [Mail.Read]
        maxLifetime: 10m
        reuseFor: 0s
        signIn: {within: 15m, authContext: c1}
    - name: always
      then: {warn: true}
...
)";

// A whole set that loads.
inline std::vector<SourceFile> WholeSet() {
  return {{"etc/provider.yaml", kProviderText},
          {"etc/api.yaml", kApiText},
          {"etc/tool.yaml", kToolText},
          {"etc/blueprint.yaml", kBlueprintText},
          {"etc/daemon.yaml", kDaemonText}};
}

inline std::string Told(const LoadResult& result) {
  std::string told;
  for (const Issue& issue : result.issues) absl::StrAppend(&told, Render(issue), "\n");
  return told;
}

}  // namespace behalf
