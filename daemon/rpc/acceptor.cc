#include "daemon/rpc/acceptor.h"

#include <fcntl.h>
#include <poll.h>
#include <sys/eventfd.h>
#include <sys/resource.h>
#include <sys/socket.h>

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <limits>
#include <utility>

#include "absl/strings/str_cat.h"
#include "daemon/base/error.h"
#include "spdlog/spdlog.h"

namespace behalf {
namespace {

constexpr std::uint64_t kOtherDescriptors = 64;
constexpr std::uint64_t kFewestConnections = 16;
constexpr int kConnectionsPerTurn = 64;
constexpr std::chrono::milliseconds kPause{20};
constexpr std::chrono::seconds kBetweenComplaints{1};

Descriptor OpenSpare() { return Descriptor(open("/dev/null", O_RDONLY | O_CLOEXEC)); }

Descriptor Accept(const UnixListener& listener) {
  return Descriptor(accept4(listener.fd(), nullptr, nullptr, SOCK_CLOEXEC | SOCK_NONBLOCK));
}

// Nothing could be answered any more. A flood of connections that end at once
// costs an accept and a close each, not a transport.
bool ClientHasLeft(const Descriptor& connection) {
  pollfd watched{.fd = connection.get(), .events = 0, .revents = 0};
  return poll(&watched, 1, 0) == 1 && (watched.revents & (POLLHUP | POLLERR)) != 0;
}

}  // namespace

int ConnectionCap(int configured, std::uint64_t descriptor_limit) {
  const std::uint64_t room = descriptor_limit > kOtherDescriptors + kFewestConnections
                                 ? descriptor_limit - kOtherDescriptors
                                 : kFewestConnections;
  const std::uint64_t most = std::min<std::uint64_t>(room, std::numeric_limits<int>::max());
  return std::min(configured, static_cast<int>(most));
}

std::uint64_t DescriptorLimit() {
  rlimit limit{};
  if (getrlimit(RLIMIT_NOFILE, &limit) != 0) return 0;
  return limit.rlim_cur;
}

absl::StatusOr<std::unique_ptr<Acceptor>> Acceptor::Start(Listeners listeners, OverflowIds overflow,
                                                          PeerTable& peers, HandOver hand_over,
                                                          Gate gate) {
  Descriptor stop(eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK));
  Descriptor spare = OpenSpare();
  if (!stop.valid() || !spare.valid()) {
    return MakeError(Reason::kInternal,
                     absl::StrCat("the acceptor cannot start: ", std::strerror(errno)));
  }
  return std::unique_ptr<Acceptor>(new Acceptor(std::move(listeners), overflow, peers,
                                                std::move(hand_over), std::move(gate),
                                                std::move(stop), std::move(spare)));
}

Acceptor::Acceptor(Listeners listeners, OverflowIds overflow, PeerTable& peers, HandOver hand_over,
                   Gate gate, Descriptor stop, Descriptor spare)
    : listeners_(std::move(listeners)),
      overflow_(overflow),
      peers_(peers),
      hand_over_(std::move(hand_over)),
      gate_(std::move(gate)),
      stop_(std::move(stop)),
      spare_(std::move(spare)),
      thread_([this] { Run(); }) {}

Acceptor::~Acceptor() {
  eventfd_write(stop_.get(), 1);
  thread_.join();
}

void Acceptor::Run() {
  std::vector<const UnixListener*> ready;
  bool pausing = false;
  while (Wait(pausing, ready)) {
    pausing = false;
    for (const UnixListener* listener : ready) {
      if (AcceptSome(*listener) == Step::kPause) pausing = true;
    }
  }
}

// False when it is time to stop. While pausing it listens to that only: the
// listeners would be ready at once again.
bool Acceptor::Wait(bool pausing, std::vector<const UnixListener*>& ready) {
  std::vector<pollfd> watched{{.fd = stop_.get(), .events = POLLIN, .revents = 0}};
  for (const auto& listener : listeners_) {
    watched.push_back({.fd = listener->fd(), .events = POLLIN, .revents = 0});
  }
  ready.clear();
  poll(watched.data(), pausing ? 1 : watched.size(),
       pausing ? static_cast<int>(kPause.count()) : -1);
  if (watched[0].revents != 0) return false;
  for (std::size_t i = 0; i < listeners_.size(); ++i) {
    if (pausing || watched[i + 1].revents != 0) ready.push_back(listeners_[i].get());
  }
  return true;
}

// Bounded, so that one busy listener does not starve the others.
Acceptor::Step Acceptor::AcceptSome(const UnixListener& listener) {
  Step step = Step::kAccepted;
  for (int i = 0; i < kConnectionsPerTurn && step == Step::kAccepted; ++i) {
    step = AcceptOne(listener);
  }
  return step;
}

Acceptor::Step Acceptor::AcceptOne(const UnixListener& listener) {
  Descriptor connection = Accept(listener);
  if (!connection.valid()) return Failed(listener, errno);
  if (!ClientHasLeft(connection)) Welcome(listener, std::move(connection));
  return Step::kAccepted;
}

void Acceptor::Welcome(const UnixListener& listener, Descriptor connection) {
  const absl::Status admitted = Admit(listener, connection);
  if (admitted.ok()) {
    hand_over_(connection.Release());
  } else {
    Refuse(listener, std::string_view(admitted.message().data(), admitted.message().size()));
  }
}

absl::Status Acceptor::Admit(const UnixListener& listener, const Descriptor& connection) {
  auto caller = AttestUnix(connection.get(), listener.name(), overflow_);
  if (!caller.ok()) return caller.status();
  if (gate_) {
    const absl::Status served = gate_(*caller);
    if (!served.ok()) return served;
  }
  return peers_.Admit(connection.get(), *std::move(caller));
}

Acceptor::Step Acceptor::Failed(const UnixListener& listener, int error) {
  switch (error) {
    case EAGAIN:
      return Step::kNothingWaits;
    case EINTR:
    case ECONNABORTED:
      return Step::kAccepted;
    case EMFILE:
    case ENFILE:
      return Shed(listener);
    default:
      Complain(listener, std::strerror(error));
      return Step::kPause;
  }
}

// Another thread may be faster at taking the descriptor that is given up; a
// later turn finds a spare again once there is one.
Acceptor::Step Acceptor::Shed(const UnixListener& listener) {
  spare_.Close();
  Descriptor connection = Accept(listener);
  const int error = connection.valid() ? 0 : errno;
  connection.Close();
  spare_ = OpenSpare();
  if (error == EAGAIN) return Step::kNothingWaits;
  if (error != 0) {
    Complain(listener, std::strerror(error));
    return Step::kPause;
  }
  Refuse(listener, "no descriptors left");
  return spare_.valid() ? Step::kAccepted : Step::kPause;
}

void Acceptor::Refuse(const UnixListener& listener, std::string_view why) {
  peers_.CountRefusal();
  Complain(listener, why);
}

void Acceptor::Complain(const UnixListener& listener, std::string_view why) {
  const auto now = std::chrono::steady_clock::now();
  if (now < next_complaint_) return;
  next_complaint_ = now + kBetweenComplaints;
  spdlog::warn("socket \"{}\" cannot take a connection: {} ({} refused so far)", listener.name(),
               why, refused());
}

}  // namespace behalf
