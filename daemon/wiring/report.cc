// What `Admin.GetStatus` says.
#include "daemon/process/version.h"
#include "daemon/rpc/messages.h"
#include "daemon/wiring/hardening.h"
#include "daemon/wiring/parts.h"

namespace behalf {
namespace {

v1::CredentialKind KindOf(const Credential& credential) {
  switch (credential.kind) {
    case CredentialKind::kSecret:
      return v1::CREDENTIAL_KIND_SECRET;
    case CredentialKind::kCertificate:
      return v1::CREDENTIAL_KIND_CERTIFICATE;
    case CredentialKind::kFederatedToken:
      return v1::CREDENTIAL_KIND_FEDERATED_TOKEN;
  }
  return v1::CREDENTIAL_KIND_UNSPECIFIED;
}

}  // namespace

void Daemon::Parts::Report(const CatalogInForce& in_force, v1::GetStatusResponse& response) const {
  response.set_version(kVersion);
  SetTimestamp(started_at, *response.mutable_started_at());
  response.set_catalog_digest(in_force.catalog->digest());
  ReportCatalog(response);
  for (const auto& blueprint : in_force.catalog->blueprints()) {
    ReportBlueprint(in_force, *blueprint, *response.add_blueprints());
  }
  for (const auto& provider : in_force.catalog->providers()) {
    ReportProvider(*provider, *response.add_providers());
  }
  response.set_audit_file(audit_file);
  ReportRecord(*response.mutable_audit());
  ReportStore(*response.mutable_store());
  AddAll(NotServingBecause(), response.mutable_not_serving_because());
  AddAll(WithoutOf(hardening), response.mutable_hardening_without());
  response.set_connections(peers.Count());
  response.set_refused_connections(static_cast<std::int64_t>(peers.refused()));
  response.set_handles(handle_store->size());
  response.set_cached_tokens(static_cast<std::int64_t>(exchanger.size()));
}

void Daemon::Parts::ReportCatalog(v1::GetStatusResponse& response) const {
  const CatalogKeeper::State state = keeper.Now();
  v1::CatalogLoad& last = *response.mutable_last_load();
  SetTimestamp(state.last.at, *last.mutable_at());
  last.set_trigger(ToMessage(state.last.trigger));
  last.set_taken(state.last.taken);
  AddAll(state.last.issues, last.mutable_issues());
  response.set_documents_differ(state.documents_differ);
  response.set_watch_problem(watch ? watch->Problem() : "the daemon was started with --no-watch");
}

void Daemon::Parts::ReportBlueprint(const CatalogInForce& in_force, const Blueprint& blueprint,
                                    v1::BlueprintStatus& status) const {
  status.set_name(blueprint.name);
  status.set_enabled(in_force.IsEnabled(blueprint));
  const auto problems = in_force.disabled.find(blueprint.name);
  if (problems != in_force.disabled.end()) AddAll(problems->second, status.mutable_problems());
  const CredentialsOnDisk::State credential = documents->credentials.StateOf(blueprint);
  AddAll(credential.problems, status.mutable_problems());
  status.set_credential(KindOf(blueprint.credential));
  if (credential.expires_at != absl::InfiniteFuture()) {
    SetTimestamp(credential.expires_at, *status.mutable_credential_expires_at());
  }
}

void Daemon::Parts::ReportProvider(const Provider& provider, v1::ProviderStatus& status) const {
  const SigningKeys::State state = keys.StateOf(provider);
  status.set_name(provider.name);
  if (state.keys) {
    status.set_signing_keys(static_cast<int>(state.keys->keys().size()));
    SetTimestamp(state.fetched_at, *status.mutable_keys_fetched_at());
  }
  status.set_keys_problem(std::string(state.problem.message()));
  const Circuit::State circuit = circuits.StateOf(provider);
  if (!circuit.open) return;
  const absl::Time now = clock.Now();
  SetTimestamp(now - circuit.open_for, *status.mutable_circuit_open_since());
  SetTimestamp(now + circuit.next_probe_in, *status.mutable_next_probe_at());
  status.set_circuit_problem(circuit.problem);
}

}  // namespace behalf
