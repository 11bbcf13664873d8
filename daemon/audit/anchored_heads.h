// Heads of the record that were kept elsewhere.
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <utility>

#include "daemon/audit/chain_link.h"

namespace behalf {

// Not thread-safe.
class AnchoredHeads {
 public:
  // A line that an anchor kept: a head, behind whatever a log put before it.
  // False where it is none, or is not signed by the key that is given.
  bool Add(std::string_view line, const std::optional<Ed25519PublicKey>& key);

  // False where a head that was kept as this record is another.
  bool Fits(const ChainLink& link, const std::string& digest);

  // The head that was kept last, unless Fits has seen it.
  std::optional<ChainLink> Missing() const;

 private:
  std::map<std::pair<std::string, std::uint64_t>, std::string> digests_;
  std::optional<ChainLink> newest_;
  bool seen_newest_ = false;
};

}  // namespace behalf
