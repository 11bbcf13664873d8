#include "daemon/wiring/parts.h"

namespace behalf {

Daemon::Parts::Parts(const Options& given, std::unique_ptr<Documents> from,
                     const LoadedDocuments& first, std::unique_ptr<Ground> stands_on, Kept kept)
    : options(given),
      documents(std::move(from)),
      spec(*first.in_force->catalog->daemon()),
      ground(std::move(stands_on)),
      catalogs(first.in_force),
      outward(std::move(kept.outward)),
      anchors(std::move(kept.anchors)),
      head_key(*std::move(kept.head_key)),
      audit(std::move(kept.audit)),
      etcd(std::move(kept.etcd)),
      store(std::move(kept.state)),
      replica(kept.replica),
      revocations(std::move(kept.revocations.all), *store),
      namer(std::move(kept.digest_key)),
      keeper({documents->disk, *documents->accounts, catalogs, record, clock,
              [this](const Catalog& catalog) { Follow(catalog); }},
             first),
      handle_store(std::move(kept.handles)),
      peers(CapsOf(limits)) {}

PeerTable::Caps Daemon::Parts::CapsOf(const Limits& limits) {
  return {.total = ConnectionCap(limits.connections, DescriptorLimit()),
          .per_user = limits.connections_per_user};
}

CachingExchanger::Bounds Daemon::Parts::BoundsOf(const Limits& limits) {
  return {.bytes = static_cast<std::size_t>(limits.token_cache_bytes),
          .waiters = static_cast<std::size_t>(limits.waiters_per_exchange)};
}

void Daemon::Parts::Follow(const Catalog& catalog) {
  keys.Follow(catalog);
  circuits.Follow(catalog);
  measured.Follow(catalog);
  http.Follow(catalog);
  if (watch) watch->Watch(FilesOf(catalog, options));
  TellHealth();
}

void Daemon::Parts::StartWatch() {
  if (!options.watch) return;
  watch = std::make_unique<FileWatch>(FilesOf(*catalogs.Current()->catalog, options),
                                      [this] { keeper.Look(); });
  watch->Start();
}

}  // namespace behalf
