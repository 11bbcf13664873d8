// What the metrics say besides what was counted: looked up when they are asked
// for, on the thread of the HTTP edge.
#include <algorithm>

#include "daemon/process/version.h"
#include "daemon/wiring/parts.h"

namespace behalf {
namespace {

double UnixSeconds(absl::Time time) { return absl::ToDoubleSeconds(time - absl::UnixEpoch()); }

double OneIf(bool holds) { return holds ? 1 : 0; }

std::string NameOf(CredentialKind kind) {
  switch (kind) {
    case CredentialKind::kSecret:
      return "secret";
    case CredentialKind::kCertificate:
      return "certificate";
    case CredentialKind::kFederatedToken:
      return "federated_token";
  }
  return "";
}

}  // namespace

void Daemon::Parts::StartMetrics(std::unique_ptr<Edge> at) {
  edge = std::move(at);
  if (!edge) return;
  edge->Serve({.path = "/metrics", .content_type = kMetricsContentType, .body = [this] {
                 return MetricsPage(numbers, ReadNumbers());
               }});
}

Readings Daemon::Parts::ReadNumbers() {
  Readings readings;
  readings.Gauge("behalf_build_info", "1, with the version of the daemon.", 1,
                 {{"version", kVersion}});
  readings.Gauge("behalf_start_time_seconds", "When the daemon started, in Unix time.",
                 UnixSeconds(started_at));
  readings.Gauge("behalf_serving", "1 if health answers that the daemon serves.",
                 OneIf(NotServingBecause().empty()));
  readings.Gauge("behalf_record_lag_seconds",
                 "For how long records have been waiting without one of them being written.",
                 absl::ToDoubleSeconds(record.Lag(clock.Now())));
  ReadCatalog(readings);
  const CatalogInForcePtr in_force = catalogs.Current();
  ReadBlueprints(*in_force, readings);
  ReadProviders(*in_force->catalog, readings);
  ReadHoldings(readings);
  ReadAnchors(readings);
  ReadSpans(readings);
  ReadCaches(readings);
  return readings;
}

void Daemon::Parts::ReadCatalog(Readings& readings) const {
  const CatalogEntry in_force = keeper.History().front();
  const CatalogKeeper::State state = keeper.Now();
  readings.Gauge("behalf_catalog_info", "1, with the digest of the catalog in force.", 1,
                 {{"digest", in_force.catalog->digest()}});
  readings.Gauge("behalf_catalog_timestamp_seconds",
                 "Since when the catalog has been in force, in Unix time.",
                 UnixSeconds(in_force.since));
  readings.Gauge("behalf_catalog_last_load_ok",
                 "1 if the documents were put in force when they were loaded last.",
                 OneIf(state.last.taken));
  readings.Gauge("behalf_documents_differ", "1 if the documents on disk are not those in force.",
                 OneIf(state.documents_differ));
}

void Daemon::Parts::ReadBlueprints(const CatalogInForce& in_force, Readings& readings) {
  const auto& blueprints = in_force.catalog->blueprints();
  for (const auto& blueprint : blueprints) {
    readings.Gauge("behalf_blueprint_enabled", "0 if something of this host disables it.",
                   OneIf(in_force.IsEnabled(*blueprint)), {{"blueprint", blueprint->name}});
  }
  for (const auto& blueprint : blueprints) {
    const absl::Time expires_at = documents->credentials.StateOf(*blueprint).expires_at;
    if (expires_at == absl::InfiniteFuture()) continue;
    readings.Gauge("behalf_credential_expiry_timestamp_seconds",
                   "When a blueprint's credential expires, where that is known, in Unix time.",
                   UnixSeconds(expires_at),
                   {{"blueprint", blueprint->name}, {"kind", NameOf(blueprint->credential.kind)}});
  }
}

void Daemon::Parts::ReadProviders(const Catalog& catalog, Readings& readings) const {
  for (const auto& provider : catalog.providers()) {
    readings.Gauge("behalf_provider_circuit_open",
                   "1 if the provider did not answer, and is asked once a second until it does.",
                   OneIf(circuits.StateOf(*provider).open), {{"provider", provider->name}});
  }
  const auto of_each = [&](std::string_view name, std::string_view help, auto add) {
    for (const auto& provider : catalog.providers()) {
      const SigningKeys::State state = keys.StateOf(*provider);
      const std::optional<double> value = add(state);
      if (value) readings.Gauge(name, help, *value, {{"provider", provider->name}});
    }
  };
  using Value = std::optional<double>;
  of_each("behalf_signing_keys", "Keys of the provider that users' tokens can be verified with.",
          [](const SigningKeys::State& state) {
            return Value(state.keys ? static_cast<double>(state.keys->keys().size()) : 0);
          });
  of_each("behalf_signing_keys_fetch_failed", "1 if the last attempt to fetch them failed.",
          [](const SigningKeys::State& state) { return Value(OneIf(!state.problem.ok())); });
  of_each("behalf_signing_keys_timestamp_seconds", "When they were fetched, in Unix time.",
          [](const SigningKeys::State& state) {
            return state.keys ? Value(UnixSeconds(state.fetched_at)) : std::nullopt;
          });
}

void Daemon::Parts::ReadHoldings(Readings& readings) const {
  readings.Gauge("behalf_connections", "Connections of callers that are open.", peers.Count());
  readings.Counter("behalf_connections_refused_total",
                   "Connections that were closed although their client waited.",
                   static_cast<double>(peers.refused()));
  readings.Gauge("behalf_handles", "Handles held, with those that ended lately.",
                 handle_store->size());
  const auto all = revocations.All();
  const absl::Time now = clock.Now();
  const auto in_force = std::count_if(all.begin(), all.end(),
                                      [&](const RevocationPtr& one) { return now < one->until; });
  readings.Gauge("behalf_revocations", "Revocations in force.", static_cast<double>(in_force));
}

void Daemon::Parts::ReadAnchors(Readings& readings) const {
  if (!anchors) return;
  const std::vector<AnchorState> states = anchors->States();
  const auto of_each = [&](std::string_view name, std::string_view help, auto value) {
    for (const AnchorState& state : states) {
      const std::optional<double> read = value(state);
      if (!read) continue;
      readings.Gauge(name, help, *read, {{"kind", state.kind}, {"place", state.place}});
    }
  };
  using Value = std::optional<double>;
  of_each("behalf_anchor_failing", "1 if the last head of the record was not kept there.",
          [](const AnchorState& state) { return Value(OneIf(!state.problem.ok())); });
  of_each("behalf_anchor_heads_waiting", "Heads of the record that wait to be kept there.",
          [](const AnchorState& state) { return Value(static_cast<double>(state.waiting)); });
  of_each("behalf_anchor_kept_timestamp_seconds",
          "When the newest head was kept there, in Unix time.", [](const AnchorState& state) {
            return state.kept ? Value(UnixSeconds(state.kept_at)) : std::nullopt;
          });
}

void Daemon::Parts::ReadSpans(Readings& readings) const {
  if (!spans) return;
  readings.Counter("behalf_spans_sent_total", "Spans that the collector took.",
                   static_cast<double>(spans->sent()));
  readings.Counter("behalf_spans_dropped_total",
                   "Spans that found no room, or that the collector did not take.",
                   static_cast<double>(spans->dropped()));
}

void Daemon::Parts::ReadCaches(Readings& readings) const {
  struct Cache {
    std::string name;
    std::size_t entries;
    std::size_t bytes;
    std::int64_t limit;
  };
  const Cache caches[] = {
      {"tokens", exchanger.size(), exchanger.bytes(), limits.token_cache_bytes},
      {"subjects", subjects.size(), subjects.bytes(), limits.subject_cache_bytes}};
  const auto of_each = [&](std::string_view name, std::string_view help, auto value) {
    for (const Cache& cache : caches) {
      readings.Gauge(name, help, static_cast<double>(value(cache)), {{"cache", cache.name}});
    }
  };
  of_each("behalf_cache_entries", "Tokens that a cache holds.",
          [](const Cache& cache) { return cache.entries; });
  of_each("behalf_cache_bytes", "Memory that the tokens of a cache take.",
          [](const Cache& cache) { return cache.bytes; });
  of_each("behalf_cache_limit_bytes", "Memory that a cache may take, as the documents say.",
          [](const Cache& cache) { return cache.limit; });
}

}  // namespace behalf
