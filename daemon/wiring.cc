#include "daemon/wiring.h"

#include <iostream>
#include <utility>

#include "absl/strings/str_cat.h"
#include "daemon/process/version.h"
#include "daemon/rpc/inherited_listeners.h"
#include "daemon/rpc/library_reports.h"
#include "daemon/rpc/peer_name.h"
#include "daemon/rpc/unix_listener.h"
#include "daemon/wiring/hardening.h"
#include "daemon/wiring/parts.h"
#include "spdlog/spdlog.h"

namespace behalf {
namespace {

constexpr std::size_t kDigestShown = 8;  // `behalf catalog history` shows more

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

// Null where the documents want no metrics.
absl::StatusOr<std::unique_ptr<Edge>> OpenEdge(const MetricsEdge& metrics) {
  if (metrics.listen.empty()) return nullptr;
  return Edge::Open(metrics.listen);
}

}  // namespace

absl::StatusOr<std::unique_ptr<Daemon>> Daemon::Start(const Options& options) {
  TakeLibraryReports();
  auto documents = std::make_unique<Documents>(options);
  auto first = LoadFirst(*documents);
  if (!first.ok()) return first.status();
  const DaemonSpec spec = *first->in_force->catalog->daemon();
  if (absl::Status locked = KeepInMemory(spec.hardening); !locked.ok()) return locked;
  auto ground = std::make_unique<Ground>();
  auto kept = OpenKept(spec, *ground);
  if (!kept.ok()) return kept.status();
  auto listeners = OpenListeners(spec);
  if (!listeners.ok()) return listeners.status();
  auto edge = OpenEdge(spec.metrics);
  if (!edge.ok()) return edge.status();
  const absl::Status attestable = CheckPeerForm();
  if (!attestable.ok()) return attestable;
  // From here on there is something to read that strangers wrote.
  if (absl::Status held = HoldToSystemCalls(spec.hardening); !held.ok()) return held;

  const std::string digest = first->in_force->catalog->digest();
  auto parts = std::make_unique<Parts>(options, std::move(documents), *first, std::move(ground),
                                       *std::move(kept));
  parts->server = Server::Start({&parts->token_broker, &parts->tool_tokens, &parts->admin});
  if (!parts->server) return absl::InternalError("the gRPC server does not start");
  parts->TellHealth();
  parts->record.OnChange([parts = parts.get()] { parts->TellHealth(); });
  const absl::Status recorded = parts->audit->Record(
      {.time = parts->started_at, .event = AuditEvent::kStarted, .catalog_digest = digest});
  if (!recorded.ok()) return recorded;
  parts->store->Follow(parts->fleet);
  parts->audit->Flush(parts->started_at).IgnoreError();
  parts->StartWatch();
  auto acceptor = Acceptor::Start(
      *std::move(listeners), ReadOverflowIds(), parts->peers,
      [server = parts->server.get()](int fd) { server->Serve(fd); },
      [&gate = parts->gate](const Caller& caller) { return gate.Admit(caller); });
  if (!acceptor.ok()) return acceptor.status();
  parts->acceptor = *std::move(acceptor);
  parts->StartMetrics(*std::move(edge));
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
  parts_->keys.KeepFresh(*parts_->catalogs.Current()->catalog);
  parts_->TellHealth();
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
  parts_->edge.reset();
  parts_->loading.Stop();
  parts_->store->Stop();
  parts_->handle_store->Stop();
  if (parts_->watch) parts_->watch->Stop();
  parts_->timer.Stop();
  parts_->network.Stop();
  parts_->executor.Stop();
  if (parts_->spans) parts_->spans->Stop();
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
