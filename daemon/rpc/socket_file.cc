#include "daemon/rpc/socket_file.h"

#include <fcntl.h>
#include <sys/random.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstdint>
#include <cstdio>
#include <cstring>
#include <optional>
#include <utility>

#include "absl/strings/str_cat.h"
#include "daemon/base/error.h"

namespace behalf {
namespace {

constexpr std::size_t kLongestPath = sizeof(sockaddr_un::sun_path) - 1;

template <typename... Parts>
absl::Status Refuse(const Parts&... parts) {
  return MakeError(Reason::kInternal, absl::StrCat(parts...));
}

// Short whatever the directory's own path is, and pinned to that directory.
sockaddr_un AddressOf(const FilePlace& place) {
  sockaddr_un address{};
  address.sun_family = AF_UNIX;
  const std::string path = absl::StrCat("/proc/self/fd/", place.directory.get(), "/", place.name);
  path.copy(address.sun_path, kLongestPath);
  return address;
}

Descriptor NewSocket() {
  return Descriptor(socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0));
}

int CallOn(const Descriptor& fd, const FilePlace& place,
           int (*call)(int, const sockaddr*, socklen_t)) {
  const sockaddr_un address = AddressOf(place);
  return call(fd.get(), reinterpret_cast<const sockaddr*>(&address), sizeof address);
}

absl::Status CheckDirectory(const std::string& path, const struct stat& directory) {
  if (directory.st_uid != 0 && directory.st_uid != geteuid()) {
    return Refuse(path, " belongs to uid ", directory.st_uid,
                  ", who could replace the socket: let root or the daemon's account own it");
  }
  if ((directory.st_mode & S_ISVTX) != 0) return absl::OkStatus();
  if ((directory.st_mode & S_IWOTH) != 0) {
    return Refuse(path, " is writable by everybody, who could replace the socket: chmod o-w");
  }
  const bool trusted_group = directory.st_gid == 0 || directory.st_gid == getegid();
  if ((directory.st_mode & S_IWGRP) != 0 && !trusted_group) {
    return Refuse(path, " is writable by group ", directory.st_gid,
                  ", who could replace the socket: chmod g-w");
  }
  return absl::OkStatus();
}

std::string RandomSuffix() {
  std::uint64_t number = 0;
  while (getrandom(&number, sizeof number, 0) != sizeof number) {
  }
  return absl::StrCat(absl::Hex(number, absl::kZeroPad16));
}

// A directory next to the socket's place that only the daemon can enter, and
// that is gone again when this object is.
class Workshop {
 public:
  explicit Workshop(const FilePlace& next_to)
      : parent_(next_to.directory.get()),
        directory_name_(absl::StrCat(".", next_to.name.substr(0, 32), ".", RandomSuffix())) {
    if (mkdirat(parent_, directory_name_.c_str(), 0700) != 0) return;
    made_ = true;
    place_.directory = Descriptor(
        openat(parent_, directory_name_.c_str(), O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC));
  }
  ~Workshop() {
    if (!made_) return;
    if (place_.directory.valid()) unlinkat(place_.directory.get(), place_.name.c_str(), 0);
    unlinkat(parent_, directory_name_.c_str(), AT_REMOVEDIR);
  }
  Workshop(const Workshop&) = delete;
  Workshop& operator=(const Workshop&) = delete;

  bool valid() const { return place_.directory.valid(); }
  const FilePlace& place() const { return place_; }

 private:
  const int parent_;
  const std::string directory_name_;
  bool made_ = false;
  FilePlace place_{.directory = Descriptor(), .name = "socket"};
};

absl::Status SetOwnerAndMode(const FilePlace& place, const Socket& socket) {
  if (!socket.user.empty() && !socket.uid) {
    return Refuse("this host has no user \"", socket.user, "\" to own the socket");
  }
  if (!socket.group.empty() && !socket.gid) {
    return Refuse("this host has no group \"", socket.group, "\" to own the socket");
  }
  const uid_t uid = socket.uid.value_or(static_cast<uid_t>(-1));
  const gid_t gid = socket.gid.value_or(static_cast<gid_t>(-1));
  const int directory = place.directory.get();
  if (fchownat(directory, place.name.c_str(), uid, gid, AT_SYMLINK_NOFOLLOW) != 0) {
    return Refuse("cannot give the socket to its user and group: ", std::strerror(errno),
                  " (only root can for every account; others for groups they are in)");
  }
  if (fchmodat(directory, place.name.c_str(), socket.mode, 0) != 0) {
    return Refuse("cannot set the socket's mode: ", std::strerror(errno));
  }
  return absl::OkStatus();
}

}  // namespace

absl::StatusOr<FilePlace> OpenPlaceOf(const std::string& path) {
  const std::size_t slash = path.rfind('/');
  if (!path.starts_with('/') || slash + 1 == path.size()) {
    return Refuse("\"", path, "\" is not an absolute path of a file");
  }
  if (path.size() > kLongestPath) {
    return Refuse("the path has ", path.size(), " bytes; that of a unix socket has ", kLongestPath,
                  " at most");
  }
  const std::string parent = slash == 0 ? "/" : path.substr(0, slash);
  Descriptor directory(open(parent.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC));
  struct stat facts{};
  if (!directory.valid() || fstat(directory.get(), &facts) != 0) {
    return Refuse("cannot open the directory ", parent, ": ", std::strerror(errno));
  }
  if (absl::Status status = CheckDirectory(parent, facts); !status.ok()) return status;
  return FilePlace{.directory = std::move(directory), .name = path.substr(slash + 1)};
}

absl::Status ClearStaleSocket(const FilePlace& place) {
  struct stat facts{};
  const int directory = place.directory.get();
  if (fstatat(directory, place.name.c_str(), &facts, AT_SYMLINK_NOFOLLOW) != 0) {
    if (errno == ENOENT) return absl::OkStatus();
    return Refuse("cannot look at what is there: ", std::strerror(errno));
  }
  if (!S_ISSOCK(facts.st_mode)) return Refuse("something that is not a socket is there already");
  const Descriptor probe = NewSocket();
  if (CallOn(probe, place, &connect) == 0 || errno == EAGAIN) {
    return Refuse("another process listens there");
  }
  if (errno != ECONNREFUSED) {
    return Refuse("a socket is there, and whether it is in use cannot be told: ",
                  std::strerror(errno));
  }
  if (unlinkat(directory, place.name.c_str(), 0) != 0) {
    return Refuse("cannot remove a socket that nobody listens on: ", std::strerror(errno));
  }
  return absl::OkStatus();
}

absl::StatusOr<Descriptor> ListenAt(const FilePlace& place, const Socket& socket) {
  const Workshop workshop(place);
  if (!workshop.valid()) {
    return Refuse("cannot make a directory next to it: ", std::strerror(errno));
  }
  Descriptor listener = NewSocket();
  const FilePlace& draft = workshop.place();
  if (!listener.valid() || CallOn(listener, draft, &bind) != 0) {
    return Refuse("cannot make the socket: ", std::strerror(errno));
  }
  if (absl::Status status = SetOwnerAndMode(draft, socket); !status.ok()) return status;
  if (listen(listener.get(), SOMAXCONN) != 0) {
    return Refuse("cannot listen: ", std::strerror(errno));
  }
  if (renameat2(draft.directory.get(), draft.name.c_str(), place.directory.get(),
                place.name.c_str(), RENAME_NOREPLACE) != 0) {
    return Refuse("cannot put the socket in its place: ", std::strerror(errno));
  }
  return listener;
}

}  // namespace behalf
