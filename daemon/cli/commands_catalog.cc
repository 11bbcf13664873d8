#include "daemon/cli/actions.h"
#include "daemon/cli/command_parts.h"

namespace behalf::cli {

Command CatalogReload() {
  return {.noun = "catalog",
          .verb = "reload",
          .summary = "Let the daemon load its documents anew",
          .details =
              "The documents take over whole or not at all. Where they are refused, what was in "
              "force stays in force, and each issue is printed with its place and what to write "
              "instead.",
          .operands = {},
          .flags = CallFlags(),
          .example = "behalf catalog reload --socket /run/behalf/admin.sock",
          .exits = CallExits("the documents were refused, or the daemon refused"),
          .run = ReloadCatalog};
}

Command CatalogHistory() {
  return {.noun = "catalog",
          .verb = "history",
          .summary = "Show which documents were in force lately",
          .details =
              "The digests of the last 16 catalogs that this daemon had in force since its start, "
              "since when, and what made it look: start, signal, watch (a file changed), admin "
              "(catalog reload) or rollback. The first is in force.",
          .operands = {},
          .flags = CallFlags(),
          .example = "behalf catalog history --socket /run/behalf/admin.sock",
          .exits = CallExits("the daemon refused; the reason is in docs/errors.md"),
          .run = ShowCatalogHistory};
}

Command CatalogRollback() {
  return {.noun = "catalog",
          .verb = "rollback",
          .summary = "Put documents in force again that were in force before",
          .details =
              "Until the documents change or are reloaded. The digest is one of the history; its "
              "first 8 digits are enough where they fit one catalog only.",
          .operands = {"DIGEST", 1, 1, {}},
          .flags = CallFlags(),
          .example = "behalf catalog rollback --socket /run/behalf/admin.sock 2f0c6e9b",
          .exits = CallExits("the daemon refused; the reason is in docs/errors.md"),
          .run = RollbackCatalog};
}

}  // namespace behalf::cli
