// A unix socket that the daemon listens on, by its Daemon document.
#pragma once

#include <sys/types.h>

#include <memory>
#include <string>
#include <utility>

#include "absl/status/statusor.h"
#include "blueprint/documents.h"
#include "daemon/base/descriptor.h"
#include "daemon/rpc/inherited_listeners.h"
#include "daemon/rpc/socket_file.h"

namespace behalf {

// Owns the listening descriptor (non-blocking, close-on-exec) and, where it
// made one, the socket file. Immutable after Open.
class UnixListener {
 public:
  // Takes an inherited listener, or makes one at socket.path:
  // * The directory must be a directory of root's or the daemon's, which
  //   others cannot write to (unless it is sticky, as /tmp is).
  // * What is at the path already must be a socket that nobody answers on; it
  //   is replaced. Anything else, a symbolic link too, is left alone.
  // * The file appears at once with its final owner and mode: it is made in a
  //   directory only the daemon can enter, and renamed onto the path.
  // Errors are for the operator and say what to change.
  static absl::StatusOr<std::unique_ptr<UnixListener>> Open(const Socket& socket,
                                                            InheritedListeners& inherited);

  // Closes, and removes the file if it is still the one that was made.
  ~UnixListener();

  UnixListener(const UnixListener&) = delete;
  UnixListener& operator=(const UnixListener&) = delete;

  const std::string& name() const { return name_; }
  int fd() const { return fd_.get(); }

 private:
  // The file it made; without a directory when it made none.
  struct File {
    FilePlace place;
    dev_t device = 0;
    ino_t inode = 0;
  };

  UnixListener(std::string name, Descriptor fd, File file)
      : name_(std::move(name)), fd_(std::move(fd)), file_(std::move(file)) {}

  static absl::StatusOr<std::unique_ptr<UnixListener>> Create(const Socket& socket);
  static absl::StatusOr<std::unique_ptr<UnixListener>> Inherit(const Socket& socket,
                                                               InheritedListeners& inherited);

  const std::string name_;
  const Descriptor fd_;
  const File file_;
};

}  // namespace behalf
