#include "daemon/audit/anchors.h"

#include <fcntl.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <memory>
#include <system_error>
#include <utility>

#include "absl/strings/str_cat.h"
#include "daemon/base/descriptor.h"

namespace behalf {
namespace {

constexpr int kAuthprivNotice = 10 << 3 | 5;  // facility and severity, RFC 5424

absl::Status Failed(int error) {
  return absl::UnavailableError(std::generic_category().message(error));
}

absl::Status AppendTo(const std::string& path, const std::string& head) {
  const Descriptor file(::open(
      path.c_str(), O_WRONLY | O_APPEND | O_CREAT | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK | O_NOCTTY,
      S_IRUSR | S_IWUSR));
  if (!file.valid()) return Failed(errno);
  const std::string line = head + "\n";
  const ssize_t written = ::write(file.get(), line.data(), line.size());
  if (written < 0) return Failed(errno);
  if (written != static_cast<ssize_t>(line.size())) return Failed(ENOSPC);
  return ::fdatasync(file.get()) == 0 ? absl::OkStatus() : Failed(errno);
}

absl::Status SendTo(const std::string& path, const std::string& head) {
  sockaddr_un address = {};
  address.sun_family = AF_UNIX;
  if (path.size() >= sizeof(address.sun_path)) return Failed(ENAMETOOLONG);
  std::memcpy(address.sun_path, path.data(), path.size());
  const Descriptor socket(::socket(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC, 0));
  if (!socket.valid()) return Failed(errno);
  const timeval patience = {.tv_sec = 2, .tv_usec = 0};
  ::setsockopt(socket.get(), SOL_SOCKET, SO_SNDTIMEO, &patience, sizeof(patience));
  const std::string message =
      absl::StrCat("<", kAuthprivNotice, ">behalfd[", ::getpid(), "]: ", head);
  const ssize_t sent = ::sendto(socket.get(), message.data(), message.size(), MSG_NOSIGNAL,
                                reinterpret_cast<const sockaddr*>(&address), sizeof(address));
  return sent < 0 ? Failed(errno) : absl::OkStatus();
}

}  // namespace

Anchor FileAnchor(const std::string& path) {
  return {"file", path, [path](const std::string& head) { return AppendTo(path, head); }};
}

Anchor SyslogAnchor(const std::string& socket) {
  return {"syslog", socket, [socket](const std::string& head) { return SendTo(socket, head); }};
}

Anchors::Anchors(std::vector<Anchor> anchors, AnchorLine::Report report, const Clock& clock,
                 AnchorLine::Patience patience) {
  for (Anchor& anchor : anchors) {
    lines_.push_back(std::make_unique<AnchorLine>(std::move(anchor), report, clock, patience));
  }
}

Anchors::~Anchors() {
  for (const auto& line : lines_) line->Stop();
}

void Anchors::Send(const std::string& head) {
  for (const auto& line : lines_) line->Send(head);
}

std::vector<AnchorState> Anchors::States() const {
  std::vector<AnchorState> states;
  for (const auto& line : lines_) states.push_back(line->State());
  return states;
}

}  // namespace behalf
