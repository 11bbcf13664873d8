// The daemon's own accept loop. gRPC 1.51's stops for ever at the first EMFILE
// (CVE-2023-4785) and does not say who connected.
#pragma once

#include <chrono>
#include <cstdint>
#include <functional>
#include <memory>
#include <string_view>
#include <thread>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "daemon/attest/caller.h"
#include "daemon/attest/peer_table.h"
#include "daemon/base/descriptor.h"
#include "daemon/rpc/unix_listener.h"

namespace behalf {

// How many connections the process can hold: `configured`, unless its limit of
// descriptors (RLIMIT_NOFILE) leaves less beside the 64 that everything else
// needs; at least 16. Pure.
int ConnectionCap(int configured, std::uint64_t descriptor_limit);

// RLIMIT_NOFILE of this process.
std::uint64_t DescriptorLimit();

// One thread that accepts on all listeners. For each connection, before a byte
// of it is read: the kernel says who it is, the table admits it under its
// descriptor, and it is handed over. A connection that is refused is closed,
// and so is one whose client has left by then.
//
// Nothing stops the loop. When descriptors have run out it gives up a spare
// one to accept and close what waits, so that clients see an end instead of
// hanging; what else fails is tried again after a short pause.
class Acceptor {
 public:
  // Receives a non-blocking descriptor and owns it. Called on the acceptor's
  // thread.
  using HandOver = std::function<void(int fd)>;
  // Whether this caller is served on its socket at all; why not goes to the
  // log. Called on the acceptor's thread.
  using Gate = std::function<absl::Status(const Caller&)>;
  using Listeners = std::vector<std::unique_ptr<UnixListener>>;

  // `peers` must outlive the acceptor. Fails when the process has no
  // descriptors left.
  static absl::StatusOr<std::unique_ptr<Acceptor>> Start(Listeners listeners, OverflowIds overflow,
                                                         PeerTable& peers, HandOver hand_over,
                                                         Gate gate = {});

  // Stops accepting, joins the thread, closes the listeners and removes their
  // files. Do it before the server that connections are handed to shuts down.
  ~Acceptor();

  Acceptor(const Acceptor&) = delete;
  Acceptor& operator=(const Acceptor&) = delete;

  // Connections that were closed although their client waited. Thread-safe.
  std::uint64_t refused() const { return peers_.refused(); }

 private:
  enum class Step : std::uint8_t { kAccepted, kNothingWaits, kPause };

  Acceptor(Listeners listeners, OverflowIds overflow, PeerTable& peers, HandOver hand_over,
           Gate gate, Descriptor stop, Descriptor spare);

  void Run();
  bool Wait(bool pausing, std::vector<const UnixListener*>& ready);
  Step AcceptSome(const UnixListener& listener);
  Step AcceptOne(const UnixListener& listener);
  Step Failed(const UnixListener& listener, int error);
  Step Shed(const UnixListener& listener);
  void Welcome(const UnixListener& listener, Descriptor connection);
  absl::Status Admit(const UnixListener& listener, const Descriptor& connection);
  void Refuse(const UnixListener& listener, std::string_view why);
  void Complain(const UnixListener& listener, std::string_view why);

  const Listeners listeners_;
  const OverflowIds overflow_;
  PeerTable& peers_;
  const HandOver hand_over_;
  const Gate gate_;
  const Descriptor stop_;

  // Of the thread alone.
  Descriptor spare_;
  std::chrono::steady_clock::time_point next_complaint_{};

  std::thread thread_;
};

}  // namespace behalf
