// Says what it inherited, as the daemon would: one line for each name on the
// command line, then what is left.
//   listener_probe NAME...
#include <fcntl.h>
#include <unistd.h>

#include <cstdlib>
#include <iostream>
#include <vector>

#include "daemon/rpc/inherited_listeners.h"

int main(int argc, char** argv) {
  auto inherited = behalf::InheritedListeners::FromEnvironment();
  behalf::InheritedListeners::ForgetEnvironment();
  if (!inherited.ok()) {
    std::cout << inherited.status().message() << "\n";
    return 0;
  }
  std::vector<behalf::Descriptor> taken;
  for (int i = 1; i < argc; ++i) {
    auto fd = inherited->Take(argv[i]);
    if (!fd.ok()) {
      std::cout << fd.status().message() << "\n";
      continue;
    }
    std::cout << argv[i] << " is " << fd->get()
              << ((fcntl(fd->get(), F_GETFD) & FD_CLOEXEC) != 0 ? " close-on-exec" : "")
              << ((fcntl(fd->get(), F_GETFL) & O_NONBLOCK) != 0 ? " non-blocking" : "") << "\n";
    taken.push_back(*std::move(fd));
  }
  std::cout << "left:";
  for (const std::string& name : inherited->Left()) std::cout << " " << name;
  for (const char* variable : {"LISTEN_PID", "LISTEN_FDS", "LISTEN_FDNAMES"}) {
    if (std::getenv(variable) != nullptr) std::cout << " " << variable << " is still set";
  }
  std::cout << "\n";
}
