#include "daemon/rpc/inherited_listeners.h"

#include <fcntl.h>
#include <sys/socket.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstdlib>
#include <cstring>
#include <optional>
#include <utility>

#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"
#include "daemon/base/error.h"

namespace behalf {
namespace {

constexpr int kFirstDescriptor = 3;  // SD_LISTEN_FDS_START
constexpr int kMostDescriptors = 1024;

absl::Status Malformed(std::string_view variable) {
  return MakeError(Reason::kInternal,
                   absl::StrCat("the environment variable ", std::string(variable),
                                " is not as systemd writes it"));
}

absl::Status Unusable(std::string_view name, std::string_view why) {
  return MakeError(Reason::kInternal, absl::StrCat("the inherited listener \"", std::string(name),
                                                   "\" ", std::string(why)));
}

std::optional<std::string> Variable(const char* name) {
  const char* value = std::getenv(name);
  return value == nullptr ? std::nullopt : std::optional<std::string>(value);
}

bool HasOption(int fd, int option, int wanted) {
  int value = 0;
  socklen_t size = sizeof value;
  return getsockopt(fd, SOL_SOCKET, option, &value, &size) == 0 && value == wanted;
}

bool AddFlag(int fd, int get, int set, int flag) {
  const int flags = fcntl(fd, get);
  return flags >= 0 && fcntl(fd, set, flags | flag) == 0;
}

}  // namespace

absl::StatusOr<InheritedListeners> InheritedListeners::FromEnvironment() {
  InheritedListeners inherited;
  const auto pid_text = Variable("LISTEN_PID");
  const auto count_text = Variable("LISTEN_FDS");
  if (!pid_text || !count_text) return inherited;
  pid_t pid = 0;
  if (!absl::SimpleAtoi(*pid_text, &pid) || pid <= 0) return Malformed("LISTEN_PID");
  if (pid != getpid()) return inherited;
  int count = 0;
  if (!absl::SimpleAtoi(*count_text, &count) || count < 0 || count > kMostDescriptors) {
    return Malformed("LISTEN_FDS");
  }
  const auto names_text = Variable("LISTEN_FDNAMES");
  std::vector<std::string> names(static_cast<std::size_t>(count), "unknown");
  if (names_text && count > 0) names = absl::StrSplit(*names_text, ':');
  if (names.size() != static_cast<std::size_t>(count)) return Malformed("LISTEN_FDNAMES");
  for (int i = 0; i < count; ++i) {
    const int fd = kFirstDescriptor + i;
    if (!AddFlag(fd, F_GETFD, F_SETFD, FD_CLOEXEC)) return Malformed("LISTEN_FDS");
    inherited.listeners_.push_back({names[static_cast<std::size_t>(i)], Descriptor(fd)});
  }
  return inherited;
}

absl::StatusOr<Descriptor> InheritedListeners::Take(std::string_view name) {
  const auto named = [name](const Listener& listener) { return listener.name == name; };
  const auto found = std::find_if(listeners_.begin(), listeners_.end(), named);
  if (found == listeners_.end()) {
    return Unusable(name,
                    "does not exist: is the .socket unit active, and does its "
                    "FileDescriptorName= say so?");
  }
  if (std::find_if(found + 1, listeners_.end(), named) != listeners_.end()) {
    return Unusable(name,
                    "exists more than once: give each .socket unit its own "
                    "FileDescriptorName=");
  }
  if (!found->fd.valid()) return Unusable(name, "is named by two sockets of the Daemon document");
  const int fd = found->fd.get();
  if (!HasOption(fd, SO_DOMAIN, AF_UNIX) || !HasOption(fd, SO_TYPE, SOCK_STREAM) ||
      !HasOption(fd, SO_ACCEPTCONN, 1)) {
    return Unusable(name,
                    "is not a unix stream socket that listens: its unit needs "
                    "ListenStream= with a path, and Accept=no");
  }
  if (!AddFlag(fd, F_GETFL, F_SETFL, O_NONBLOCK)) return Unusable(name, std::strerror(errno));
  return std::move(found->fd);
}

std::vector<std::string> InheritedListeners::Left() const {
  std::vector<std::string> names;
  for (const Listener& listener : listeners_) {
    if (listener.fd.valid()) names.push_back(listener.name);
  }
  return names;
}

void InheritedListeners::ForgetEnvironment() {
  unsetenv("LISTEN_PID");
  unsetenv("LISTEN_FDS");
  unsetenv("LISTEN_FDNAMES");
}

}  // namespace behalf
