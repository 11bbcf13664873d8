#include "daemon/process/service_manager.h"

#include <sys/socket.h>
#include <sys/un.h>

#include <algorithm>
#include <cerrno>
#include <cstddef>
#include <cstdlib>
#include <cstring>
#include <ctime>

#include "absl/strings/str_cat.h"
#include "daemon/base/descriptor.h"
#include "spdlog/spdlog.h"

namespace behalf {
namespace {

// Each line of a message is an assignment: a line break would begin another.
std::string StatusLine(std::string_view status) {
  std::string line = absl::StrCat("STATUS=", std::string(status));
  std::replace(line.begin(), line.end(), '\n', ' ');
  return line;
}

long long MonotonicMicroseconds() {
  timespec now{};
  clock_gettime(CLOCK_MONOTONIC, &now);
  return static_cast<long long>(now.tv_sec) * 1'000'000 + now.tv_nsec / 1'000;
}

// 0 or an errno. "@name" is an abstract socket, whose first byte is zero.
int SendTo(const std::string& socket_name, const std::string& message) {
  sockaddr_un address{};
  address.sun_family = AF_UNIX;
  if (socket_name.size() >= sizeof address.sun_path) return ENAMETOOLONG;
  std::memcpy(address.sun_path, socket_name.data(), socket_name.size());
  if (socket_name.front() == '@') address.sun_path[0] = '\0';
  const Descriptor fd(socket(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC, 0));
  if (!fd.valid()) return errno;
  const auto size = static_cast<socklen_t>(offsetof(sockaddr_un, sun_path) + socket_name.size());
  const ssize_t sent = sendto(fd.get(), message.data(), message.size(), MSG_NOSIGNAL,
                              reinterpret_cast<const sockaddr*>(&address), size);
  return sent < 0 ? errno : 0;
}

}  // namespace

ServiceManager ServiceManager::FromEnvironment() {
  const char* const value = std::getenv("NOTIFY_SOCKET");
  std::string socket = value == nullptr ? "" : value;
  unsetenv("NOTIFY_SOCKET");
  if (!socket.empty() && socket.front() != '/' && socket.front() != '@') {
    spdlog::warn("the service manager is not told: NOTIFY_SOCKET names no unix socket");
    socket.clear();
  }
  return ServiceManager(std::move(socket));
}

void ServiceManager::Ready(std::string_view status) const {
  Send(absl::StrCat("READY=1\n", StatusLine(status)));
}

void ServiceManager::Reloading() const {
  Send(absl::StrCat("RELOADING=1\nMONOTONIC_USEC=", MonotonicMicroseconds()));
}

void ServiceManager::Stopping() const {
  Send(absl::StrCat("STOPPING=1\n", StatusLine("ends what is under way")));
}

void ServiceManager::Status(std::string_view status) const { Send(StatusLine(status)); }

void ServiceManager::Send(const std::string& message) const {
  if (socket_.empty()) return;
  const int error = SendTo(socket_, message);
  if (error != 0) {
    spdlog::warn("the service manager is not told {}: {}", message.substr(0, message.find('\n')),
                 std::strerror(error));
  }
}

}  // namespace behalf
