#include "daemon/audit/anchored_heads.h"

#include <algorithm>

namespace behalf {

bool AnchoredHeads::Add(std::string_view line, const std::optional<Ed25519PublicKey>& key) {
  line.remove_prefix(std::min(line.find('{'), line.size()));
  const auto head = SignedLineOf(line);
  const auto link = LinkOf(line);
  if (!head || !link || (key && !key->Verifies(head->message, head->signature))) return false;
  digests_[{link->chain, link->seq}] = DigestOfLine(line);
  newest_ = link;
  return true;
}

bool AnchoredHeads::Fits(const ChainLink& link, const std::string& digest) {
  const auto kept = digests_.find({link.chain, link.seq});
  if (kept == digests_.end()) return true;
  if (link.chain == newest_->chain && link.seq == newest_->seq) seen_newest_ = true;
  return kept->second == digest;
}

std::optional<ChainLink> AnchoredHeads::Missing() const {
  return seen_newest_ ? std::nullopt : newest_;
}

}  // namespace behalf
