// What the service manager hears of the daemon: the datagrams of sd_notify(3),
// written without libsystemd.
#pragma once

#include <string>
#include <string_view>
#include <utility>

namespace behalf {

// Immutable, hence thread-safe. A manager that cannot be told is logged about
// and the daemon serves on: whether that is good enough is the manager's to say.
class ServiceManager {
 public:
  // The one that listens on NOTIFY_SOCKET, which is taken out of the
  // environment so that no child speaks for the daemon. Where there is none,
  // all below does nothing. Call it before there are other threads.
  static ServiceManager FromEnvironment();

  // Serving, after the start or a reload. `status` is for people and stands in
  // `systemctl status`, in one line.
  void Ready(std::string_view status) const;

  // Loading the documents anew, until the next Ready.
  void Reloading() const;

  // On the way out; no Ready follows.
  void Stopping() const;

  // Nothing changed but what is to be told to people.
  void Status(std::string_view status) const;

 private:
  explicit ServiceManager(std::string socket) : socket_(std::move(socket)) {}

  void Send(const std::string& message) const;

  std::string socket_;  // empty: there is no manager
};

}  // namespace behalf
