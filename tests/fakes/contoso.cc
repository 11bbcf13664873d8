#include "tests/fakes/contoso.h"

#include <gtest/gtest.h>

#include <optional>
#include <string_view>

#include "absl/strings/str_replace.h"
#include "blueprint/load.h"
#include "daemon/base/error.h"
#include "daemon/crypto/digest.h"

namespace behalf {
namespace {

constexpr std::string_view kDocuments = R"(apiVersion: behalf/v1
kind: Daemon
metadata:
  name: daemon
spec:
  sockets:
    - {name: agents, path: /run/behalf/agents.sock}
    - {name: tools, path: /run/behalf/tools.sock}
    - {name: admin, path: /run/behalf/admin.sock}
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
---
apiVersion: behalf/v1
kind: Api
metadata:
  name: graph
spec:
  resource: https://graph.microsoft.com
  audiences: [https://graph.microsoft.com, 00000003-0000-0000-c000-000000000000]
  scopes: [Mail.Read, Mail.Send, User.Read]
---
apiVersion: behalf/v1
kind: Api
metadata:
  name: invoices
spec:
  resource: api://2f0a6c9e-51cf-4d7a-8a53-7a0f7b1f6d10
  audiences: [api://2f0a6c9e-51cf-4d7a-8a53-7a0f7b1f6d10]
  scopes: [Invoices.Read, Invoices.Write]
---
apiVersion: behalf/v1
kind: Tool
metadata:
  name: mail-search
spec:
  callers:
    - unix: {socket: tools, user: "1003"}
    - unix: {socket: tools, group: "2003"}
---
apiVersion: behalf/v1
kind: Tool
metadata:
  name: calendar
spec:
  callers:
    - unix: {socket: tools, user: "1004"}
---
apiVersion: behalf/v1
kind: Blueprint
metadata:
  name: invoice-assistant
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
    guests: false
  agents:
    - name: invoice-bot
      id: b1a7b9de-7d0e-4a4e-9a56-5bb3a4a0c1d2
      callers:
        - unix: {socket: agents, user: "1001"}
    - name: report-bot
      id: b1a7b9de-7d0e-4a4e-9a56-5bb3a4a0c1d3
      callers:
        - unix: {socket: agents, user: "1002"}
  allow:
    - tool: mail-search
      api: graph
      scopes: [Mail.Read, Mail.Send]
      accept: [User.Read]
      maxLifetime: 90m
      reuseFor: 10m
    - tool: calendar
      api: graph
      scopes: [User.Read]
      accept: [Mail.Read, Mail.Send]
      maxLifetime: 90m
    - api: invoices
      scopes: [Invoices.Read]
      maxLifetime: 90m
      reuseFor: 10m
...
)";

constexpr char kLastAllowance[] = R"(    - api: invoices
      scopes: [Invoices.Read]
      maxLifetime: 90m
      reuseFor: 10m
...
)";

constexpr char kApplications[] = R"(    - api: invoices
      scopes: [Invoices.Read]
      maxLifetime: 90m
      reuseFor: 10m
    - api: invoices
      access: application
      roles: [Invoices.Post]
      maxLifetime: 90m
      reuseFor: 10m
    - tool: mail-search
      api: graph
      access: application
      roles: [Mail.Read.All]
      maxLifetime: 90m
---
apiVersion: behalf/v1
kind: Blueprint
metadata:
  name: ledger
spec:
  provider: contoso
  clientId: 1ed9e700-0000-4000-8000-000000000001
  credential:
    secret: {file: secret}
  subjects:
    audiences: [api://1ed9e700-0000-4000-8000-000000000001]
    tenants: [5b404cf4-a79d-4cfe-b866-24bf8e1a4921]
    clients: [3d1d5e0a-5d43-4d5e-8a8f-6a2f6f1f9b77]
    scopes: [access_agent]
  agents:
    - name: ledger
      application: true
      callers:
        - unix: {socket: agents, user: "1005"}
  allow:
    - {api: invoices, scopes: [Invoices.Read], maxLifetime: 90m}
    - {api: invoices, access: application, roles: [Invoices.Post], maxLifetime: 90m}
...
)";

// Documents here write numbers, so the host need not know any account.
class NoAccounts final : public HostAccounts {
 public:
  std::optional<uid_t> Uid(const std::string&) const override { return std::nullopt; }
  std::optional<gid_t> Gid(const std::string&) const override { return std::nullopt; }
  std::vector<gid_t> GroupsOf(uid_t) const override { return {}; }
  uid_t OverflowUid() const override { return 65534; }
};

Claims Alice(absl::Time now) {
  return Claims()
      .Text("aud", kBlueprintAudience)
      .Text("tid", kTenant)
      .Text("oid", kAliceId)
      .Text("sub", "pairwise-alice")
      .Text("scp", "access_agent")
      .Time("iat", now)
      .Time("nbf", now)
      .Time("exp", now + absl::Hours(1));
}

Claims Reply(absl::Time now) {
  return Claims()
      .Text("tid", kTenant)
      .Text("oid", kAliceId)
      .Text("sub", "pairwise-alice-at-graph")
      .Text("scp", "Mail.Read Mail.Send User.Read")
      .Text("uti", "uti-1")
      .Time("iat", now - absl::Minutes(5))
      .Time("nbf", now - absl::Minutes(5))
      .Time("exp", now + absl::Minutes(75));
}

}  // namespace

std::string ContosoText(const Edits& edits) {
  std::string text(kDocuments);
  for (const auto& [from, to] : edits) {
    EXPECT_GT(absl::StrReplaceAll({{from, to}}, &text), 0) << from << " is not in the documents";
  }
  return text;
}

Edits WithApplications() {
  return {{"  scopes: [Mail.Read, Mail.Send, User.Read]\n",
           "  scopes: [Mail.Read, Mail.Send, User.Read]\n  roles: [Mail.Read.All]\n"},
          {"  scopes: [Invoices.Read, Invoices.Write]\n",
           "  scopes: [Invoices.Read, Invoices.Write]\n  roles: [Invoices.Post]\n"},
          {kLastAllowance, kApplications}};
}

std::unique_ptr<HostAccounts> NoHostAccounts() { return std::make_unique<NoAccounts>(); }

std::shared_ptr<const Catalog> ContosoCatalog(const Edits& edits) {
  const LoadResult result =
      Load({{.path = "contoso.yaml", .text = ContosoText(edits)}}, NoAccounts());
  for (const Issue& issue : result.issues) {
    if (issue.kind == Issue::Kind::kDocument) ADD_FAILURE() << Render(issue);
  }
  return result.catalog;
}

Claims AliceV1(absl::Time now) {
  return Alice(now).Text("ver", "1.0").Text("iss", kIssuerV1).Text("appid", kFrontendId);
}

Claims AliceV2(absl::Time now) {
  return Alice(now).Text("ver", "2.0").Text("iss", kIssuerV2).Text("azp", kFrontendId);
}

Claims GraphReply(absl::Time now) {
  return Reply(now)
      .Text("ver", "1.0")
      .Text("iss", kIssuerV1)
      .Text("aud", kGraph)
      .Text("appid", kInvoiceBotId)
      .Text("idtyp", "user")
      .Text("xms_act_fct", "3 11 9")
      .Text("xms_sub_fct", "2 3")
      .Text("xms_idrel", "1 30")
      .Text("xms_par_app_azp", kBlueprintId);
}

Claims GraphReplyV2(absl::Time now) {
  return Reply(now)
      .Text("ver", "2.0")
      .Text("iss", kIssuerV2)
      .Text("aud", "00000003-0000-0000-c000-000000000000")
      .Text("azp", kInvoiceBotId);
}

Claims AgentsOwnReply(absl::Time now) {
  return GraphReply(now)
      .Without("scp")
      .Json("roles", R"(["Invoices.Post"])")
      .Text("aud", "api://2f0a6c9e-51cf-4d7a-8a53-7a0f7b1f6d10")
      .Text("oid", kInvoiceBotId)
      .Text("sub", kInvoiceBotId)
      .Text("idtyp", "app")
      .Text("xms_sub_fct", "3 11 9")
      .Text("xms_idrel", "7 26");
}

Claims LedgersOwnReply(absl::Time now) {
  return GraphReplyV2(now)
      .Without("scp")
      .Json("roles", R"(["Invoices.Post"])")
      .Text("aud", "api://2f0a6c9e-51cf-4d7a-8a53-7a0f7b1f6d10")
      .Text("azp", kLedgerId)
      .Text("oid", "1ed9e700-0000-4000-8000-0000000000f0")
      .Text("sub", "1ed9e700-0000-4000-8000-0000000000f0");
}

absl::StatusOr<ClientAuthentication> FakeSecrets::For(const Blueprint&) {
  if (lost_) return MakeError(Reason::kBlueprintDisabled);
  return ClientAuthentication{.client_secret = SecretString(std::string_view(secret_)),
                              .client_assertion = {},
                              .basis = Sha256(secret_)};
}

absl::StatusOr<std::string> FakeSecrets::BasisOf(const Blueprint&) {
  if (lost_) return MakeError(Reason::kBlueprintDisabled);
  return Sha256(secret_);
}

}  // namespace behalf
