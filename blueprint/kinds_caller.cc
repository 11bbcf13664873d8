#include "blueprint/kinds.h"
#include "blueprint/values.h"

namespace behalf::loader {
namespace {

const Mapping<UnixSelector>& UnixMapping() {
  static const auto& mapping =
      (new Mapping<UnixSelector>("unix selector",
                                 "A process, by what the kernel says about its connection to a "
                                 "unix socket. All that is given must match."))
          ->Required("socket", &UnixSelector::socket, Name("agents"),
                     "The socket it connects to, as named in the Daemon document.")
          .Optional("user", &UnixSelector::user, UserName("invoice"),
                    "The user that the process runs as: a name, or a number.")
          .Optional("group", &UnixSelector::group, GroupName("agents"),
                    "A group that the process is in, primary or supplementary: a name, or a "
                    "number.")
          .AtLeastOne({"user", "group"});
  return mapping;
}

}  // namespace

const Mapping<UnixSelector>& CallerMapping() {
  static const auto& mapping =
      (new Mapping<UnixSelector>("caller", "Who is calling, by facts it cannot forge."))
          ->Required("unix", Self{}, Struct(UnixMapping()),
                     "A process on this host that connects to a unix socket.");
  return mapping;
}

}  // namespace behalf::loader
