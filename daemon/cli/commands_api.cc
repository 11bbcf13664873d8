#include "blueprint/well_known.h"
#include "daemon/cli/actions.h"
#include "daemon/cli/command_parts.h"

namespace behalf::cli {
namespace {

std::vector<std::string> WellKnownNames() {
  std::vector<std::string> names;
  for (const WellKnownApi& api : WellKnownApis()) names.push_back(api.name);
  return names;
}

}  // namespace

Command ApiList() {
  return {.noun = "api",
          .verb = "list",
          .summary = "List the APIs that documents can name with wellKnown",
          .details =
              "What behalf knows of APIs that many tenants use: their identifiers, how many "
              "delegated scopes and app roles are listed, and of what it is less sure than "
              "documentation would make it. Needs no daemon.",
          .operands = {},
          .flags = {OutputFlag()},
          .example = "behalf api list",
          .exits = LocalExits(),
          .run = ListApis};
}

Command ApiShow() {
  return {.noun = "api",
          .verb = "show",
          .summary = "Print what behalf knows of an API, as a document",
          .details =
              "The document that an Api with wellKnown: NAME takes from what it leaves unsaid; "
              "its comments say where each fact is from. A copy of it is a document of your own, "
              "which no release changes. Needs no daemon.",
          .operands = {"NAME", 1, 1, WellKnownNames()},
          .flags = {OutputFlag()},
          .example = "behalf api show graph",
          .exits = LocalExits(),
          .run = ShowApi};
}

}  // namespace behalf::cli
