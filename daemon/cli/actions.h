// What the commands of the table do. Each reads its arguments, prints, and
// returns the exit code.
#pragma once

#include "daemon/cli/arguments.h"
#include "daemon/cli/console.h"

namespace behalf::cli {

int ValidateBlueprints(const Arguments& arguments, Console& console);
int ShowCatalog(const Arguments& arguments, Console& console);
int ListApis(const Arguments& arguments, Console& console);
int ShowApi(const Arguments& arguments, Console& console);
int GetToken(const Arguments& arguments, Console& console);
int CreateHandle(const Arguments& arguments, Console& console);
int RedeemHandle(const Arguments& arguments, Console& console);
int ExplainDecision(const Arguments& arguments, Console& console);
int AskWhetherAllowed(const Arguments& arguments, Console& console);
int ShowAudit(const Arguments& arguments, Console& console);
int SearchAudit(const Arguments& arguments, Console& console);
int TailAudit(const Arguments& arguments, Console& console);
int ShowAuditKey(const Arguments& arguments, Console& console);
int VerifyAudit(const Arguments& arguments, Console& console);
int ReloadCatalog(const Arguments& arguments, Console& console);
int ShowCatalogHistory(const Arguments& arguments, Console& console);
int RollbackCatalog(const Arguments& arguments, Console& console);
int RevokeTarget(const Arguments& arguments, Console& console);
int RestoreTarget(const Arguments& arguments, Console& console);
int ListRevocations(const Arguments& arguments, Console& console);
int BackUp(const Arguments& arguments, Console& console);
int RestoreState(const Arguments& arguments, Console& console);
int ShowStatus(const Arguments& arguments, Console& console);
int CheckHealth(const Arguments& arguments, Console& console);
int ShowVersion(const Arguments& arguments, Console& console);
int ShowCompletion(const Arguments& arguments, Console& console);
int ShowHelp(const Arguments& arguments, Console& console);

}  // namespace behalf::cli
