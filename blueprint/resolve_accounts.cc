#include <algorithm>
#include <charconv>
#include <string>
#include <vector>

#include "absl/container/flat_hash_map.h"
#include "absl/strings/str_cat.h"
#include "blueprint/document_set.h"
#include "blueprint/selectors.h"
#include "blueprint/suggest.h"

namespace behalf::loader {
namespace {

std::optional<std::uint32_t> Number(const std::string& text) {
  std::uint32_t number = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
  if (error != std::errc{} || end != text.data() + text.size()) return std::nullopt;
  return number;
}

// The account database, each account asked for once.
class KnownAccounts {
 public:
  explicit KnownAccounts(const HostAccounts& accounts) : accounts_(accounts) {}

  std::optional<uid_t> Uid(const std::string& user) {
    if (const auto number = Number(user)) return number;
    const auto [entry, is_new] = uids_.try_emplace(user);
    if (is_new) entry->second = accounts_.Uid(user);
    return entry->second;
  }

  std::optional<gid_t> Gid(const std::string& group) {
    if (const auto number = Number(group)) return number;
    const auto [entry, is_new] = gids_.try_emplace(group);
    if (is_new) entry->second = accounts_.Gid(group);
    return entry->second;
  }

 private:
  const HostAccounts& accounts_;
  absl::flat_hash_map<std::string, std::optional<uid_t>> uids_;
  absl::flat_hash_map<std::string, std::optional<gid_t>> gids_;
};

class AccountResolver {
 public:
  AccountResolver(const Marks& marks, const HostAccounts& accounts, Report& report)
      : marks_(marks), overflow_(accounts.OverflowUid()), accounts_(accounts), report_(report) {}

  void Resolve(UnixSelector& selector, std::string_view consequence) {
    ResolveBoth(selector, consequence);
    constexpr std::uint32_t kNobody = ~std::uint32_t{0};
    if (selector.uid == overflow_ || selector.uid == kNobody) {
      RefuseOverflow(PlaceOf(selector, selector.user), "user", selector.user);
    }
    if (selector.gid == overflow_ || selector.gid == kNobody) {
      RefuseOverflow(PlaceOf(selector, selector.group), "group", selector.group);
    }
  }

  void Resolve(Socket& socket) { ResolveBoth(socket, "the socket cannot be opened"); }

 private:
  template <class T>
  Place PlaceOf(const T& owner, const std::string& member) const {
    const Mark* mark = marks_.Find(&member);
    return mark == nullptr ? owner.place : mark->place();
  }

  template <class T>
  void ResolveBoth(T& owner, std::string_view consequence) {
    if (!owner.user.empty()) owner.uid = accounts_.Uid(owner.user);
    if (!owner.group.empty()) owner.gid = accounts_.Gid(owner.group);
    const auto report = [&](const std::string& member, std::string_view what) {
      report_.HostFact(PlaceOf(owner, member),
                       absl::StrCat("this host has no ", std::string(what), " `", member,
                                    "`: ", std::string(consequence)),
                       absl::StrCat("make the account, or correct the name, and load again"));
    };
    if (!owner.user.empty() && !owner.uid) report(owner.user, "user");
    if (!owner.group.empty() && !owner.gid) report(owner.group, "group");
  }

  void RefuseOverflow(Place place, std::string_view what, const std::string& name) {
    report_.Error(std::move(place),
                  absl::StrCat("the ", std::string(what), " `", name,
                               "` stands for everybody of other user namespaces, who are nobody"),
                  "give the process an account of its own");
  }

  const Marks& marks_;
  const std::uint32_t overflow_;
  KnownAccounts accounts_;
  Report& report_;
};

void CheckSockets(DocumentSet& set, Report& report) {
  if (set.daemons.size() != 1 || set.daemons[0]->sockets.empty()) return;
  std::vector<std::string> names;
  for (const Socket& socket : set.daemons[0]->sockets) names.push_back(socket.name);
  if (std::find(names.begin(), names.end(), "") != names.end()) return;
  ForEachSelector(set, [&](const UnixSelector& selector) {
    const Mark* mark = set.marks.Find(&selector.socket);
    if (mark == nullptr || selector.socket.empty() || report.full()) return;
    if (std::find(names.begin(), names.end(), selector.socket) != names.end()) return;
    report.Error(mark->place(),
                 absl::StrCat("the Daemon document has no socket `", selector.socket, "`"),
                 Suggest(selector.socket, names));
  });
}

}  // namespace

void ResolveAccounts(DocumentSet& set, const HostAccounts& accounts, Report& report) {
  AccountResolver resolver(set.marks, accounts, report);
  ForEachIdentity(set, [&](UnixSelector& selector) {
    resolver.Resolve(selector, "the selector matches nobody");
  });
  ForEachConditionsSelector(set, [&](UnixSelector& selector) {
    resolver.Resolve(selector, "the rule takes it to match or not, whichever is stricter");
  });
  for (const auto& daemon : set.daemons) {
    for (Socket& socket : daemon->sockets) resolver.Resolve(socket);
  }
  CheckSockets(set, report);
}

}  // namespace behalf::loader
