#include "daemon/cli/actions.h"
#include "daemon/cli/command_parts.h"

namespace behalf::cli {
namespace {

using enum Flag::Use;

constexpr char kThings[] =
    "Blueprints and agents are named as in the documents or by their id at the provider, tools as "
    "in the documents, users by their object id, handles and tokens by their digest in the "
    "record.";

Operands Thing() {
  return {"KIND [NAME]", 1, 2, {"all", "blueprint", "agent", "tool", "user", "handle", "token"}};
}

Flag TenantFlag() {
  return {"tenant", "ID", "of a user: the tenant that the object id is of; all when not given"};
}

}  // namespace

Command Revoke() {
  return {
      .noun = "revoke",
      .verb = "",
      .summary = "Take something back, at once",
      .details = std::string("When this returns it is on disk, and nothing that it concerns is "
                             "handed out until it is restored: no decision, cached token, "
                             "redemption or exchange under way gets past it. Tokens that are "
                             "out there work at their APIs until they expire, and are listed. ") +
                 kThings,
      .operands = Thing(),
      .flags = Join({{"reason", "TEXT", "why, for who reads it later", kRequired},
                     {"until", "TIME",
                      "when it is over by itself, as 2026-11-23T08:30:00+01:00; never when not "
                      "given"},
                     TenantFlag()},
                    CallFlags()),
      .example =
          "behalf revoke agent invoice-bot --reason incident-4711 "
          "--socket /run/behalf/admin.sock",
      .exits = CallExits("the daemon refused; the reason is in docs/errors.md"),
      .run = RevokeTarget};
}

Command Restore() {
  return {
      .noun = "restore",
      .verb = "",
      .summary = "Give back what was revoked",
      .details = kThings,
      .operands = Thing(),
      .flags = Join({{"reason", "TEXT", "why, for who reads it later"}, TenantFlag()}, CallFlags()),
      .example = "behalf restore agent invoice-bot --socket /run/behalf/admin.sock",
      .exits = CallExits("the daemon refused, or it is not revoked"),
      .run = RestoreTarget};
}

Command RevocationList() {
  return {.noun = "revocation",
          .verb = "list",
          .summary = "Show what is revoked now",
          .details = "",
          .operands = {},
          .flags = CallFlags(),
          .example = "behalf revocation list --socket /run/behalf/admin.sock",
          .exits = CallExits("the daemon refused; the reason is in docs/errors.md"),
          .run = ListRevocations};
}

}  // namespace behalf::cli
