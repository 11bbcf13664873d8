// All parts of a daemon, put together.
#pragma once

#include <cstddef>
#include <memory>
#include <string>
#include <utility>

#include "absl/strings/str_cat.h"
#include "daemon/attest/peer_table.h"
#include "daemon/audit/audit_trail.h"
#include "daemon/audit/token_digest.h"
#include "daemon/base/clock.h"
#include "daemon/base/executor.h"
#include "daemon/base/timer.h"
#include "daemon/broker/admin_gate.h"
#include "daemon/broker/catalog_desk.h"
#include "daemon/broker/catalog_keeper.h"
#include "daemon/broker/explainer.h"
#include "daemon/broker/fleet_changes.h"
#include "daemon/broker/handle_desk.h"
#include "daemon/broker/live_catalog.h"
#include "daemon/broker/outstanding_tokens.h"
#include "daemon/broker/revocation_desk.h"
#include "daemon/broker/revocations.h"
#include "daemon/broker/token_broker.h"
#include "daemon/http/curl_client.h"
#include "daemon/http/edge.h"
#include "daemon/metrics/counting_sink.h"
#include "daemon/metrics/measured_exchanger.h"
#include "daemon/metrics/measured_http.h"
#include "daemon/metrics/page.h"
#include "daemon/oauth/agent_proof.h"
#include "daemon/oauth/circuit_http.h"
#include "daemon/oauth/circuits.h"
#include "daemon/oauth/credentials_on_disk.h"
#include "daemon/oauth/entra.h"
#include "daemon/oauth/entra_errors.h"
#include "daemon/oauth/exchangers.h"
#include "daemon/oauth/patient_dialect.h"
#include "daemon/oauth/retrying_dialect.h"
#include "daemon/oauth/signing_keys.h"
#include "daemon/oauth/subject_verifier.h"
#include "daemon/process/file_watch.h"
#include "daemon/rpc/acceptor.h"
#include "daemon/rpc/admin_service.h"
#include "daemon/rpc/server.h"
#include "daemon/rpc/token_broker_service.h"
#include "daemon/rpc/tool_tokens_service.h"
#include "daemon/store/revocation.h"
#include "daemon/traces/traced_exchanger.h"
#include "daemon/traces/tracing_sink.h"
#include "daemon/wiring.h"
#include "daemon/wiring/documents.h"
#include "daemon/wiring/kept.h"
#include "daemon/wiring/tracing.h"

namespace behalf {

// Declared in the order in which each needs those before it.
struct Daemon::Parts {
  Parts(const Options& given, std::unique_ptr<Documents> from, const LoadedDocuments& first,
        std::unique_ptr<Ground> stands_on, Kept kept);

  static PeerTable::Caps CapsOf(const Limits& limits);
  static CachingExchanger::Bounds BoundsOf(const Limits& limits);

  void Follow(const Catalog& catalog);
  void StartWatch();
  void Report(const CatalogInForce& in_force, v1::GetStatusResponse& response) const;
  void ReportBlueprint(const CatalogInForce& in_force, const Blueprint& blueprint,
                       v1::BlueprintStatus& status) const;
  void ReportProvider(const Provider& provider, v1::ProviderStatus& status) const;
  void ReportCatalog(v1::GetStatusResponse& response) const;
  // See wiring/report_kept.cc.
  void ReportRecord(v1::AuditStatus& status) const;
  void ReportStore(v1::StoreStatus& status) const;
  // What is read when metrics are asked for; see wiring/readings.cc.
  void StartMetrics(std::unique_ptr<Edge> at);
  Readings ReadNumbers();
  // Why it does not serve; see wiring/health.cc. Empty: it does.
  std::vector<std::string> NotServingBecause() const;
  // Has health answer what is the case now.
  void TellHealth();
  void ReadCatalog(Readings& readings) const;
  void ReadBlueprints(const CatalogInForce& in_force, Readings& readings);
  void ReadProviders(const Catalog& catalog, Readings& readings) const;
  void ReadHoldings(Readings& readings) const;
  void ReadAnchors(Readings& readings) const;
  void ReadSpans(Readings& readings) const;
  void ReadCaches(Readings& readings) const;

  static constexpr std::size_t kRefusalBytes = 8 << 20;
  static constexpr std::size_t kOutstandingTokens = 20'000;

  const Options options;
  const std::unique_ptr<Documents> documents;
  const DaemonSpec spec;  // as it was at the start
  const Limits& limits = spec.limits;
  const std::string& audit_file = spec.audit_file;
  const Hardening& hardening = spec.hardening;
  const std::unique_ptr<Ground> ground;
  const Clock& clock = ground->clock;
  Executor& executor = ground->executor;
  MonotonicTimer& timer = ground->timer;
  const absl::Time started_at = clock.Now();
  LiveCatalog catalogs;
  const std::shared_ptr<Outward> outward;  // null where nobody is told anything
  const std::shared_ptr<Anchors> anchors;  // null where there is none
  const Ed25519PublicKey head_key;
  std::unique_ptr<AuditTrail> audit;
  prometheus::Registry numbers;
  CountingSink record{*audit, numbers, clock};
  const std::unique_ptr<SpanQueue> spans{SpansOf(spec.traces, outward, ground->steady)};
  const std::unique_ptr<TracingSink> tracing{
      TracingOf(spec.traces, spans.get(), record, catalogs, clock)};
  AuditSink& answers = tracing ? static_cast<AuditSink&>(*tracing) : record;
  const std::unique_ptr<EtcdClient> etcd;  // null where there is no fleet
  std::unique_ptr<RevocationStore> store;
  const EtcdState* const replica;  // the store where there is a fleet
  Revocations revocations;
  FleetChanges fleet{revocations, *audit};
  OutstandingTokens outstanding{kOutstandingTokens};
  TokenNamer namer;
  CatalogKeeper keeper;

  CurlClient network{executor};
  MeasuredHttp http{network, numbers, clock};
  SigningKeys keys{http, executor, clock};
  SubjectVerifier subjects{keys, static_cast<std::size_t>(limits.subject_cache_bytes)};
  Circuits circuits{ground->steady};
  CircuitHttp tokens_http{http, circuits, &SaysEntraIsInTrouble};
  AgentProofs proofs{tokens_http, documents->credentials, executor, clock};
  Entra entra{tokens_http, documents->credentials, proofs};
  PatientDialect patient{entra, documents->credentials, clock, kRefusalBytes};
  RetryingDialect retrying{patient, circuits, timer, clock};
  VerifyingExchanger verifying{retrying, clock, limits.exchange_timeout};
  MeasuredExchanger measured{verifying, numbers, clock};
  TracedExchanger traced{measured, Sampling(spec.traces.one_in), spans.get(), clock};
  CachingExchanger exchanger{traced, executor, clock, BoundsOf(limits),
                             [this] { return revocations.epoch(); }};

  std::unique_ptr<HandleStore> handle_store;
  HandleDesk handles{*handle_store};
  TokenBroker broker{
      {catalogs, subjects, exchanger, handles, revocations, outstanding, answers, namer, clock}};

  Explainer explainer{{catalogs, subjects, revocations, answers, namer, clock}};

  PeerTable peers;
  TokenBrokerService token_broker{broker, explainer, peers};
  ToolTokensService tool_tokens{broker, peers};
  AdminGate gate{catalogs, record, clock};
  Executor loading{1};
  CatalogDesk desk{gate, keeper, loading};
  RevocationDesk revoking{{gate, revocations, *store, outstanding, record, namer, clock}};
  AdminService admin{gate,
                     desk,
                     revoking,
                     explainer,
                     peers,
                     [this](const CatalogInForce& in_force, v1::GetStatusResponse& response) {
                       Report(in_force, response);
                     }};
  std::unique_ptr<Server> server;
  std::unique_ptr<Acceptor> acceptor;
  std::unique_ptr<FileWatch> watch;  // null where nothing is watched
  std::unique_ptr<Edge> edge;        // null where no metrics are wanted
};

}  // namespace behalf
