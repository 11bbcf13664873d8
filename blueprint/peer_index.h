// Finds whose selectors match a peer, at a cost that depends on the peer's
// groups and the matches, not on how many selectors there are. Thread-safe
// once filled.
#pragma once

#include <sys/types.h>

#include <algorithm>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <tuple>
#include <utility>
#include <vector>

#include "absl/container/flat_hash_map.h"
#include "absl/strings/string_view.h"
#include "blueprint/documents.h"

namespace behalf {

// What the kernel said about a connection, as far as selectors look at it.
struct UnixPeer {
  std::string_view socket;
  uid_t uid = 0;
  std::span<const gid_t> groups;  // the primary group among them
};

// Whether the account fits, whatever the socket. A selector with a name that
// this host does not know fits nobody.
bool AccountMatches(const UnixSelector& selector, const UnixPeer& peer);

template <class T>
class PeerIndex {
 public:
  void Add(const UnixSelector& selector, const T* owner) {
    const int socket = sockets_.try_emplace(selector.socket, sockets_.size()).first->second;
    const bool by_user = !selector.user.empty();
    const auto id = by_user ? selector.uid : selector.gid;
    if (!id) return;
    (by_user ? by_uid_ : by_gid_)[{socket, *id}].push_back({order_++, &selector, owner});
  }

  // Each owner once, in the order they were added.
  std::vector<const T*> Match(const UnixPeer& peer) const {
    std::vector<std::pair<std::size_t, const T*>> found;
    const auto socket = sockets_.find(absl::string_view(peer.socket.data(), peer.socket.size()));
    if (socket == sockets_.end()) return {};
    Collect(by_uid_, {socket->second, peer.uid}, peer, found);
    for (const gid_t group : peer.groups) Collect(by_gid_, {socket->second, group}, peer, found);
    return InOrder(std::move(found));
  }

 private:
  struct Entry {
    std::size_t order;
    const UnixSelector* selector;
    const T* owner;
  };
  using Index = absl::flat_hash_map<std::pair<int, std::uint32_t>, std::vector<Entry>>;
  using Found = std::vector<std::pair<std::size_t, const T*>>;

  static void Collect(const Index& index, std::pair<int, std::uint32_t> key, const UnixPeer& peer,
                      Found& found) {
    const auto entries = index.find(key);
    if (entries == index.end()) return;
    for (const Entry& entry : entries->second) {
      if (AccountMatches(*entry.selector, peer)) found.emplace_back(entry.order, entry.owner);
    }
  }

  // Selectors of one owner were added one after the other.
  static std::vector<const T*> InOrder(Found found) {
    std::sort(found.begin(), found.end());
    std::vector<const T*> owners;
    for (const auto& [order, owner] : found) {
      if (owners.empty() || owners.back() != owner) owners.push_back(owner);
    }
    return owners;
  }

  absl::flat_hash_map<std::string, int> sockets_;
  Index by_uid_, by_gid_;
  std::size_t order_ = 0;
};

}  // namespace behalf
