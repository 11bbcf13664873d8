#include "daemon/wiring.h"

#include <sys/stat.h>
#include <unistd.h>

#include <iostream>
#include <map>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "blueprint/credential_files.h"
#include "blueprint/load.h"
#include "daemon/attest/peer_table.h"
#include "daemon/audit/audit_trail.h"
#include "daemon/audit/token_digest.h"
#include "daemon/base/clock.h"
#include "daemon/base/executor.h"
#include "daemon/base/timer.h"
#include "daemon/broker/admin_gate.h"
#include "daemon/broker/catalog_desk.h"
#include "daemon/broker/catalog_keeper.h"
#include "daemon/broker/document_set_load.h"
#include "daemon/broker/document_source.h"
#include "daemon/broker/explainer.h"
#include "daemon/broker/handle_desk.h"
#include "daemon/broker/live_catalog.h"
#include "daemon/broker/outstanding_tokens.h"
#include "daemon/broker/revocation_desk.h"
#include "daemon/broker/revocations.h"
#include "daemon/broker/token_broker.h"
#include "daemon/crypto/persistent_key.h"
#include "daemon/http/curl_client.h"
#include "daemon/oauth/agent_proof.h"
#include "daemon/oauth/credentials_on_disk.h"
#include "daemon/oauth/entra.h"
#include "daemon/oauth/exchangers.h"
#include "daemon/oauth/patient_dialect.h"
#include "daemon/oauth/retrying_dialect.h"
#include "daemon/oauth/signing_keys.h"
#include "daemon/oauth/subject_verifier.h"
#include "daemon/process/file_watch.h"
#include "daemon/process/version.h"
#include "daemon/rpc/acceptor.h"
#include "daemon/rpc/admin_service.h"
#include "daemon/rpc/inherited_listeners.h"
#include "daemon/rpc/messages.h"
#include "daemon/rpc/peer_name.h"
#include "daemon/rpc/server.h"
#include "daemon/rpc/token_broker_service.h"
#include "daemon/rpc/tool_tokens_service.h"
#include "daemon/rpc/unix_listener.h"
#include "daemon/store/memory_handle_store.h"
#include "daemon/store/sqlite_state.h"
#include "spdlog/spdlog.h"

namespace behalf {
namespace {

constexpr int kResumeThreads = 2;
constexpr std::size_t kRefusalBytes = 8 << 20;
constexpr std::size_t kOutstandingTokens = 20'000;
constexpr std::size_t kDigestShown = 8;  // `behalf catalog history` shows more

absl::Status Refuse(std::string_view why) {
  return absl::FailedPreconditionError(absl::string_view(why.data(), why.size()));
}

// The documents, and what they are read with.
struct Documents {
  explicit Documents(const Options& options)
      : credentials(options.credentials_directory, clock),
        disk(options.documents, options.credentials_directory, credentials, clock) {}

  const SystemClock clock;
  CredentialsOnDisk credentials;
  DocumentsOnDisk disk;
  const std::unique_ptr<HostAccounts> accounts = SystemAccounts();
};

absl::StatusOr<LoadedDocuments> LoadFirst(Documents& documents) {
  LoadedDocuments loaded = LoadDocuments(ReadText(documents.disk), documents.disk,
                                         *documents.accounts, /*running=*/nullptr);
  if (loaded.in_force) {
    for (const std::string& issue : loaded.issues) spdlog::warn("{}", issue);
    return loaded;
  }
  if (loaded.issues == std::vector<std::string>{loaded.refusal}) return Refuse(loaded.refusal);
  for (const std::string& issue : loaded.issues) std::cerr << issue << "\n";
  return Refuse("the documents do not load");
}

// What the catalog stands on besides its documents.
WatchedFiles FilesOf(const Catalog& catalog, const Options& options) {
  WatchedFiles watched{.tree = options.documents, .files = {}};
  for (const auto& blueprint : catalog.blueprints()) {
    for (CredentialFile& file : FilesOf(blueprint->credential, options.credentials_directory)) {
      if (!file.path.empty()) watched.files.push_back(std::move(file.path));
    }
  }
  for (const auto& provider : catalog.providers()) {
    if (!provider->ca_file.empty()) watched.files.push_back(provider->ca_file);
  }
  return watched;
}

absl::Status MakeStateDirectory(const std::string& path) {
  if (mkdir(path.c_str(), 0700) == 0 || errno == EEXIST) return absl::OkStatus();
  return Refuse(absl::StrCat("the state directory ", path, " cannot be made"));
}

// What survives the process.
struct Kept {
  SecretString digest_key;
  std::unique_ptr<AuditTrail> audit;
  std::unique_ptr<SqliteState> state;
  StoredRevocations revocations;
};

// The record names the revision of the state that it stands on: a state that
// is older has forgotten revocations.
absl::Status CheckAge(std::uint64_t state, std::uint64_t record, const DaemonSpec& spec) {
  if (state >= record) return absl::OkStatus();
  return Refuse(
      absl::StrCat("the state in ", spec.state_directory, " is older (revision ", state,
                   ") than what the record ", spec.audit_file, " says (revision ", record,
                   "), so revocations would be forgotten; see \"State\" in docs/operations.md"));
}

absl::StatusOr<Kept> OpenKept(const DaemonSpec& spec) {
  if (absl::Status made = MakeStateDirectory(spec.state_directory); !made.ok()) return made;
  auto digest_key = PersistentKey(spec.state_directory, "audit-digest.key");
  if (!digest_key.ok()) return digest_key.status();
  auto audit = AuditTrail::Open(spec.audit_file, spec.limits.denials_per_minute);
  if (!audit.ok()) return audit.status();
  auto state = SqliteState::Open(spec.state_directory);
  if (!state.ok()) return state.status();
  auto revocations = (*state)->Load();
  if (!revocations.ok()) return revocations.status();
  const absl::Status young = CheckAge(revocations->revision, (*audit)->FoundRevision(), spec);
  if (!young.ok()) return young;
  (*audit)->StandOn(revocations->revision);
  return Kept{*std::move(digest_key), *std::move(audit), *std::move(state),
              *std::move(revocations)};
}

absl::StatusOr<Acceptor::Listeners> OpenListeners(const DaemonSpec& spec) {
  auto inherited = InheritedListeners::FromEnvironment();
  if (!inherited.ok()) return inherited.status();
  InheritedListeners::ForgetEnvironment();
  Acceptor::Listeners listeners;
  for (const Socket& socket : spec.sockets) {
    auto listener = UnixListener::Open(socket, *inherited);
    if (!listener.ok()) return listener.status();
    listeners.push_back(*std::move(listener));
  }
  return listeners;
}

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

PeerTable::Caps CapsOf(const Limits& limits) {
  return {.total = ConnectionCap(limits.connections, DescriptorLimit()),
          .per_user = limits.connections_per_user};
}

CachingExchanger::Bounds BoundsOf(const Limits& limits) {
  return {.bytes = static_cast<std::size_t>(limits.token_cache_bytes),
          .waiters = static_cast<std::size_t>(limits.waiters_per_exchange)};
}

}  // namespace

// Declared in the order in which each needs those before it.
struct Daemon::Parts {
  Parts(const Options& given, std::unique_ptr<Documents> from, const LoadedDocuments& first,
        Kept kept)
      : options(given),
        documents(std::move(from)),
        limits(first.in_force->catalog->daemon()->limits),
        audit_file(first.in_force->catalog->daemon()->audit_file),
        catalogs(first.in_force),
        audit(std::move(kept.audit)),
        store(std::move(kept.state)),
        revocations(std::move(kept.revocations.all)),
        namer(std::move(kept.digest_key)),
        keeper({documents->disk, *documents->accounts, catalogs, *audit, clock,
                [this](const Catalog& catalog) { Follow(catalog); }},
               first),
        peers(CapsOf(limits)) {}

  void Follow(const Catalog& catalog);
  void StartWatch();
  void Report(const CatalogInForce& in_force, v1::GetStatusResponse& response) const;
  void ReportBlueprint(const CatalogInForce& in_force, const Blueprint& blueprint,
                       v1::BlueprintStatus& status) const;
  void ReportProvider(const Provider& provider, v1::ProviderStatus& status) const;
  void ReportCatalog(v1::GetStatusResponse& response) const;

  const Options options;
  const std::unique_ptr<Documents> documents;
  const Limits limits;
  const std::string audit_file;
  const SystemClock clock;
  const absl::Time started_at = clock.Now();
  LiveCatalog catalogs;
  std::unique_ptr<AuditTrail> audit;
  std::unique_ptr<SqliteState> store;
  Revocations revocations;
  OutstandingTokens outstanding{kOutstandingTokens};
  TokenNamer namer;
  CatalogKeeper keeper;

  Executor executor{kResumeThreads};
  MonotonicTimer timer{executor};
  CurlClient http{executor};
  SigningKeys keys{http, executor, clock};
  SubjectVerifier subjects{keys, static_cast<std::size_t>(limits.subject_cache_bytes)};
  AgentProofs proofs{http, documents->credentials, executor, clock};
  Entra entra{http, documents->credentials, proofs};
  PatientDialect patient{entra, documents->credentials, clock, kRefusalBytes};
  RetryingDialect retrying{patient, timer, clock};
  VerifyingExchanger verifying{retrying, clock, limits.exchange_timeout};
  CachingExchanger exchanger{verifying, executor, clock, BoundsOf(limits),
                             [this] { return revocations.epoch(); }};

  MemoryHandleStore handle_store{limits.handles, clock};
  HandleDesk handles{handle_store};
  TokenBroker broker{
      {catalogs, subjects, exchanger, handles, revocations, outstanding, *audit, namer, clock}};

  Explainer explainer{{catalogs, subjects, revocations, *audit, namer, clock}};

  PeerTable peers;
  TokenBrokerService token_broker{broker, explainer, peers};
  ToolTokensService tool_tokens{broker, peers};
  AdminGate gate{catalogs, *audit, clock};
  Executor loading{1};
  CatalogDesk desk{gate, keeper, loading};
  RevocationDesk revoking{{gate, revocations, *store, outstanding, *audit, namer, clock}};
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
};

void Daemon::Parts::Follow(const Catalog& catalog) {
  keys.Follow(catalog);
  if (watch) watch->Watch(FilesOf(catalog, options));
}

void Daemon::Parts::StartWatch() {
  if (!options.watch) return;
  watch = std::make_unique<FileWatch>(FilesOf(*catalogs.Current()->catalog, options),
                                      [this] { keeper.Look(); });
  watch->Start();
}

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
  response.set_connections(peers.Count());
  response.set_refused_connections(static_cast<std::int64_t>(peers.refused()));
  response.set_handles(handle_store.size());
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
}

absl::StatusOr<std::unique_ptr<Daemon>> Daemon::Start(const Options& options) {
  auto documents = std::make_unique<Documents>(options);
  auto first = LoadFirst(*documents);
  if (!first.ok()) return first.status();
  const DaemonSpec spec = *first->in_force->catalog->daemon();
  auto kept = OpenKept(spec);
  if (!kept.ok()) return kept.status();
  auto listeners = OpenListeners(spec);
  if (!listeners.ok()) return listeners.status();
  const absl::Status attestable = CheckPeerForm();
  if (!attestable.ok()) return attestable;

  const std::string digest = first->in_force->catalog->digest();
  auto parts = std::make_unique<Parts>(options, std::move(documents), *first, *std::move(kept));
  parts->server = Server::Start({&parts->token_broker, &parts->tool_tokens, &parts->admin});
  if (!parts->server) return Refuse("the gRPC server does not start");
  const absl::Status recorded = parts->audit->Record(
      {.time = parts->started_at, .event = AuditEvent::kStarted, .catalog_digest = digest});
  if (!recorded.ok()) return recorded;
  parts->StartWatch();
  auto acceptor = Acceptor::Start(
      *std::move(listeners), ReadOverflowIds(), parts->peers,
      [server = parts->server.get()](int fd) { server->Serve(fd); },
      [&gate = parts->gate](const Caller& caller) { return gate.Admit(caller); });
  if (!acceptor.ok()) return acceptor.status();
  parts->acceptor = *std::move(acceptor);
  spdlog::info("behalfd {} serves catalog {}", kVersion, digest);
  return std::unique_ptr<Daemon>(new Daemon(std::move(parts)));
}

Daemon::Daemon(std::unique_ptr<Parts> parts) : parts_(std::move(parts)) {}

Daemon::~Daemon() { Stop(absl::ZeroDuration()); }

void Daemon::Reload() { parts_->keeper.Reload(CatalogTrigger::kSignal); }

void Daemon::ReopenAudit() {
  const absl::Status reopened = parts_->audit->Reopen(parts_->clock.Now());
  if (!reopened.ok()) spdlog::error("the audit file stays as it was: {}", reopened.ToString());
}

void Daemon::Tick() {
  parts_->keeper.Recheck();
  const absl::Status flushed = parts_->audit->Flush(parts_->clock.Now());
  if (!flushed.ok()) spdlog::error("the audit file cannot be written: {}", flushed.ToString());
}

std::string Daemon::Summary() const {
  const auto in_force = parts_->catalogs.Current();
  const std::size_t blueprints = in_force->catalog->blueprints().size();
  std::string summary =
      absl::StrCat("serves ", blueprints - in_force->disabled.size(), " of ", blueprints,
                   " blueprints by catalog ", in_force->catalog->digest().substr(0, kDigestShown));
  if (parts_->keeper.Now().documents_differ) {
    absl::StrAppend(&summary, "; the documents on disk are not in force");
  }
  return summary;
}

// Exchanges outlive the calls that wanted them: they are ended after the
// server, and before anything that they use.
void Daemon::Stop(absl::Duration grace) {
  if (!parts_->acceptor) return;
  parts_->acceptor.reset();
  parts_->server->Shutdown(grace);
  parts_->loading.Stop();
  parts_->store->Stop();
  if (parts_->watch) parts_->watch->Stop();
  parts_->timer.Stop();
  parts_->http.Stop();
  parts_->executor.Stop();
  const absl::Status recorded = parts_->audit->Stop(parts_->clock.Now());
  if (!recorded.ok()) spdlog::error("the audit file cannot be written: {}", recorded.ToString());
  spdlog::info("behalfd has stopped");
}

bool CheckDocuments(const Options& options) {
  Documents documents(options);
  const auto loaded = LoadFirst(documents);
  if (!loaded.ok()) std::cerr << loaded.status().message() << "\n";
  return loaded.ok();
}

}  // namespace behalf
