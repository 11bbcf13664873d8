// Making the file of a unix socket so that nobody ever sees it with the wrong
// owner or mode, or another process's socket in its place.
#pragma once

#include <sys/types.h>

#include <string>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "blueprint/documents.h"
#include "daemon/base/descriptor.h"

namespace behalf {

// A directory, held by descriptor, and a name in it.
struct FilePlace {
  Descriptor directory;
  std::string name;
};

// Opens the directory of an absolute path of at most 107 bytes (unix(7)).
// Fails when somebody else than root and the daemon's own account could
// replace what is made in it.
absl::StatusOr<FilePlace> OpenPlaceOf(const std::string& path);

// Removes a socket that nobody answers on. Fails when anything else is there.
absl::Status ClearStaleSocket(const FilePlace& place);

// A listening socket at the place, which is free, with the owner and mode of
// the document. Needs /proc.
absl::StatusOr<Descriptor> ListenAt(const FilePlace& place, const Socket& socket);

}  // namespace behalf
