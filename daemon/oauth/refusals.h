// What a provider said no to, so that it is not asked the same thing again at
// once.
#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>

#include "absl/status/status.h"
#include "absl/time/time.h"
#include "daemon/base/bounded_cache.h"

namespace behalf {

// Thread-safe; bounded in bytes. What goes by (a network that failed, a server
// in trouble) is not kept: a repetition may help at once.
class Refusals {
 public:
  // How long a refusal is kept that only a person can do something about.
  static constexpr absl::Duration kKeptFor = absl::Seconds(3);

  explicit Refusals(std::size_t max_bytes) : kept_(max_bytes) {}

  // The refusal as it is to be told at `now`: what was throttled says when it
  // will help to ask, later for some than for others, lest all come together.
  // Nothing when there is none, or its time is over.
  std::optional<absl::Status> Recall(std::string_view key, absl::Time now);

  // Keeps `refusal` under `key` if it is one that lasts: throttling until the
  // provider's Retry-After is over, others for kKeptFor.
  void Keep(std::string key, const absl::Status& refusal, absl::Time now);

 private:
  struct Kept {
    absl::Status refusal;
    absl::Time until;
  };
  BoundedCache<Kept> kept_;
};

}  // namespace behalf
