// What several rows of the table of commands have in common, and the rows of
// nouns that have a file of their own.
#pragma once

#include <vector>

#include "daemon/cli/command.h"

namespace behalf::cli {

std::vector<Flag> Join(std::vector<Flag> flags, const std::vector<Flag>& more);

Flag OutputFlag();
std::vector<Flag> CallFlags();
std::vector<Flag> TokenFlags();

// `negative`: what the exit code kNegative means.
std::vector<Exit> CallExits(const char* negative);
std::vector<Exit> LocalExits();

Command ExplainCommand();
Command CanI();
Command AuditShow();
Command AuditKey();
Command AuditVerify();
Command AuditSearchCommand();
Command AuditTail();
Command ApiList();
Command ApiShow();
Command Revoke();
Command Restore();
Command RevocationList();
Command StateBackup();
Command StateRestore();
Command CatalogReload();
Command CatalogHistory();
Command CatalogRollback();

}  // namespace behalf::cli
