#include "daemon/rpc/unix_listener.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include "absl/strings/str_cat.h"
#include "daemon/base/error.h"

namespace behalf {
namespace {

absl::Status About(const Socket& socket, const absl::Status& status) {
  const std::string where = socket.path.empty() ? "" : absl::StrCat(" (", socket.path, ")");
  return MakeError(DetailOf(status),
                   absl::StrCat("socket \"", socket.name, "\"", where, ": ", status.message()));
}

bool Lookup(const FilePlace& place, struct stat& facts) {
  return fstatat(place.directory.get(), place.name.c_str(), &facts, AT_SYMLINK_NOFOLLOW) == 0;
}

}  // namespace

absl::StatusOr<std::unique_ptr<UnixListener>> UnixListener::Open(const Socket& socket,
                                                                 InheritedListeners& inherited) {
  auto listener = socket.systemd.empty() ? Create(socket) : Inherit(socket, inherited);
  if (!listener.ok()) return About(socket, listener.status());
  return listener;
}

absl::StatusOr<std::unique_ptr<UnixListener>> UnixListener::Inherit(const Socket& socket,
                                                                    InheritedListeners& inherited) {
  auto fd = inherited.Take(socket.systemd);
  if (!fd.ok()) return fd.status();
  return std::unique_ptr<UnixListener>(new UnixListener(socket.name, *std::move(fd), File{}));
}

absl::StatusOr<std::unique_ptr<UnixListener>> UnixListener::Create(const Socket& socket) {
  auto place = OpenPlaceOf(socket.path);
  if (!place.ok()) return place.status();
  if (absl::Status status = ClearStaleSocket(*place); !status.ok()) return status;
  auto fd = ListenAt(*place, socket);
  if (!fd.ok()) return fd.status();
  struct stat facts{};
  if (!Lookup(*place, facts)) return MakeError(Reason::kInternal, "the socket vanished");
  File file{.place = *std::move(place), .device = facts.st_dev, .inode = facts.st_ino};
  return std::unique_ptr<UnixListener>(
      new UnixListener(socket.name, *std::move(fd), std::move(file)));
}

UnixListener::~UnixListener() {
  struct stat facts{};
  if (!file_.place.directory.valid() || !Lookup(file_.place, facts)) return;
  if (facts.st_dev != file_.device || facts.st_ino != file_.inode) return;
  unlinkat(file_.place.directory.get(), file_.place.name.c_str(), 0);
}

}  // namespace behalf
