// Sockets that systemd opened for the daemon: LISTEN_PID, LISTEN_FDS and
// LISTEN_FDNAMES of sd_listen_fds(3), read without libsystemd.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "absl/status/statusor.h"
#include "daemon/base/descriptor.h"

namespace behalf {

// Owns the descriptors until they are taken; closes those that nobody took.
// Not thread-safe: belongs to the daemon's start.
class InheritedListeners {
 public:
  // What the environment of this process says. Empty when it says nothing or
  // speaks to another process; an error when it is malformed. Everything
  // inherited becomes close-on-exec. Does not change the environment: see
  // ForgetEnvironment. Call once: descriptors have one owner.
  static absl::StatusOr<InheritedListeners> FromEnvironment();

  // The listener whose FileDescriptorName is `name`, made non-blocking.
  // Fails when there is none, when there are several, when it
  // was taken before, and when it is no AF_UNIX stream socket that listens.
  absl::StatusOr<Descriptor> Take(std::string_view name);

  // The names that nobody took.
  std::vector<std::string> Left() const;

  // Unsets the variables, so that no child believes they are for it. Call it
  // before there are other threads.
  static void ForgetEnvironment();

 private:
  struct Listener {
    std::string name;
    Descriptor fd;  // invalid once taken
  };
  std::vector<Listener> listeners_;
};

}  // namespace behalf
