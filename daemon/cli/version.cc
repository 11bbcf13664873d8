#include "daemon/cli/actions.h"
#include "daemon/cli/exit_code.h"

namespace behalf::cli {

int ShowVersion(const Arguments&, Console& console) {
  console.out() << "behalf " BEHALF_VERSION "\n";
  return kOk;
}

}  // namespace behalf::cli
