#include "daemon/audit/anchors.h"

#include <fcntl.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>
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
  return {path, [path](const std::string& head) { return AppendTo(path, head); }};
}

Anchor SyslogAnchor(const std::string& socket) {
  return {socket, [socket](const std::string& head) { return SendTo(socket, head); }};
}

Anchors::Anchors(std::vector<Anchor> anchors, Report report)
    : anchors_(std::move(anchors)),
      report_(std::move(report)),
      failing_(anchors_.size(), false),
      thread_([this] { Run(); }) {}

Anchors::~Anchors() {
  {
    const absl::MutexLock lock(&mutex_);
    stopped_ = true;
  }
  thread_.join();
}

void Anchors::Send(std::string head) {
  const absl::MutexLock lock(&mutex_);
  if (heads_.size() == kMostWaiting) heads_.pop_front();
  heads_.push_back(std::move(head));
}

void Anchors::Run() {
  while (true) {
    std::string head;
    {
      const absl::MutexLock lock(&mutex_);
      mutex_.Await(absl::Condition(this, &Anchors::HasWork));
      if (heads_.empty()) return;
      head = std::move(heads_.front());
      heads_.pop_front();
    }
    Keep(head);
  }
}

void Anchors::Keep(const std::string& head) {
  for (std::size_t i = 0; i < anchors_.size(); ++i) {
    const absl::Status kept = anchors_[i].keep(head);
    if (kept.ok() == failing_[i]) report_(anchors_[i], kept);
    failing_[i] = !kept.ok();
  }
}

}  // namespace behalf
