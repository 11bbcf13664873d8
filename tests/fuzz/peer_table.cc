// Connections that come and go, beside a model of who is there.
#include "daemon/attest/peer_table.h"

#include <fcntl.h>
#include <sys/socket.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <map>
#include <set>
#include <string>

#include "daemon/base/error.h"
#include "tests/fuzz/choices.h"
#include "tests/fuzz/promise.h"

namespace behalf::fuzz {
namespace {

constexpr int kNumbers = 6;      // descriptors that the kernel gives out
constexpr int kFirst = 700;      // the first of them
constexpr int kConnections = 8;  // that there may be behind them

// Sockets that exist all the time; a number is one of them, or closed.
class Kernel {
 public:
  Kernel() {
    for (int i = 0; i < kConnections; i += 2) {
      Promise(socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, &sockets_[i]) == 0, "a socket");
    }
  }

  void Open(int number, int connection) {
    Promise(dup3(sockets_[connection], kFirst + number, O_CLOEXEC) == kFirst + number, "a number");
  }
  void Close(int number) { close(kFirst + number); }

 private:
  std::array<int, kConnections> sockets_{};
};

// The table's promises, in the plainest way.
class Model {
 public:
  explicit Model(PeerTable::Caps caps) : caps_(caps) { behind_.fill(-1); }

  // A number comes back with another connection than the one before.
  int Fresh(int number, int connection) const {
    const auto it = entries_.find(number);
    const bool same = it != entries_.end() && it->second.connection == connection;
    return same ? (connection + 1) % kConnections : connection;
  }
  void Open(int number, int connection) { behind_[number] = connection; }
  bool IsOpen(int number) const { return behind_[number] >= 0; }
  void Close(int number) { behind_[number] = -1; }

  // Whether the table must take it, once what is dead is out of the way.
  bool MustTake(int number, uid_t uid) const {
    if (behind_[number] < 0) return false;
    int all = 0;
    int of_user = 0;
    for (const auto& [other, entry] : entries_) {
      if (other == number || !IsLive(other, entry)) continue;
      ++all;
      of_user += entry.uid == uid ? 1 : 0;
    }
    return all < caps_.total && of_user < caps_.per_user;
  }
  void Take(int number, uid_t uid) { entries_[number] = {uid, behind_[number]}; }
  // An open number that is refused is not who was there before.
  void Refuse(int number) {
    if (behind_[number] >= 0) entries_.erase(number);
  }

  bool IsLive(int number) const {
    const auto it = entries_.find(number);
    return it != entries_.end() && IsLive(number, it->second);
  }
  uid_t UidOf(int number) const { return entries_.at(number).uid; }
  bool Knows(int number) const { return entries_.contains(number); }
  int Live() const {
    return static_cast<int>(std::ranges::count_if(
        entries_, [this](const auto& entry) { return IsLive(entry.first, entry.second); }));
  }

 private:
  struct Entry {
    uid_t uid = 0;
    int connection = -1;
  };
  bool IsLive(int number, const Entry& entry) const { return behind_[number] == entry.connection; }

  const PeerTable::Caps caps_;
  std::array<int, kNumbers> behind_{};  // which connection; -1: closed
  std::map<int, Entry> entries_;        // admitted last, dead ones too
};

class Play {
 public:
  Play(Kernel& kernel, PeerTable::Caps caps) : kernel_(kernel), table_(caps), model_(caps) {}
  Play(const Play&) = delete;
  Play& operator=(const Play&) = delete;
  ~Play() {
    for (int number = 0; number < kNumbers; ++number) {
      if (model_.IsOpen(number)) kernel_.Close(number);
    }
  }

  void Step(Choices& choices) {
    const int number = choices.Below(kNumbers);
    switch (choices.Below(4)) {
      case 0: {
        const int connection = model_.Fresh(number, choices.Below(kConnections));
        kernel_.Open(number, connection);
        model_.Open(number, connection);
        break;
      }
      case 1:
        kernel_.Close(number);
        model_.Close(number);
        break;
      default:
        Admit(number, choices.Below(4));
    }
    Check(number);
  }

  // Each connection is asked of the kernel: once, at the end.
  void CheckCount() const {
    Promise(table_.Count() == model_.Live(), "as many are counted as are there");
  }

 private:
  void Admit(int number, uid_t uid) {
    const bool must = model_.MustTake(number, uid);
    const absl::Status admitted =
        table_.Admit(kFirst + number, Caller{.socket = "s", .uid = uid, .groups = {uid}});
    Promise(admitted.ok() == must, "who fits under the caps is taken, and nobody else");
    if (must) return model_.Take(number, uid);
    const Reason why = DetailOf(admitted).reason;
    Promise(why == Reason::kOverloaded || why == Reason::kCallerUnknown, "a refusal has a reason");
    model_.Refuse(number);
  }

  void Check(int number) const {
    const auto found = table_.Find(kFirst + number);
    if (model_.IsLive(number)) {
      Promise(found != nullptr && found->uid == model_.UidOf(number), "who is there is found");
    }
    Promise(found == nullptr || model_.Knows(number), "who was never admitted is not found");
    Promise(found == nullptr || found->uid == model_.UidOf(number), "nobody is somebody else");
  }

  Kernel& kernel_;
  PeerTable table_;
  Model model_;
};

// What the kernel says of our own end is ourselves, whatever ids overflow.
void CheckAttested(Choices choices) {
  static const OverflowIds host = ReadOverflowIds();
  std::array<int, 2> ends = {-1, -1};
  Promise(socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, ends.data()) == 0, "a connection");
  Promise(AttestUnix(ends[1], "s", host).ok() == (geteuid() != host.uid), "nobody has no account");
  const OverflowIds overflow = {.uid = static_cast<uid_t>(choices.Number()),
                                .gid = static_cast<gid_t>(choices.Number())};
  const auto caller = AttestUnix(choices.Flag() ? ends[0] : -1, choices.Text(), overflow);
  close(ends[0]);
  close(ends[1]);
  if (!caller.ok()) return;
  Promise(caller->uid == geteuid() && caller->uid != overflow.uid, "the caller is who connected");
  Promise(std::ranges::is_sorted(caller->groups), "groups are sorted");
  Promise(std::ranges::find(caller->groups, overflow.gid) == caller->groups.end(),
          "nobody's group counts for nothing");
  Promise(PeerOf(*caller).uid == caller->uid, "selectors look at the caller");
}

}  // namespace
}  // namespace behalf::fuzz

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace behalf;
  static auto* const kernel = new fuzz::Kernel();
  fuzz::Choices choices(fuzz::TextOf(data, size));
  const std::uint8_t kind = choices.Byte();
  if (kind == 'a') {
    fuzz::CheckAttested(choices);
    return 0;
  }
  fuzz::Play play(*kernel, {.total = 1 + kind % 5, .per_user = 1 + kind / 5 % 3});
  while (!choices.done()) play.Step(choices);
  play.CheckCount();
  return 0;
}
