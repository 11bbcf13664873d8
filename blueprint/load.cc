#include "blueprint/load.h"

#include <utility>

#include "blueprint/catalog_builder.h"
#include "blueprint/document_set.h"
#include "blueprint/report.h"

namespace behalf {

LoadResult Load(const std::vector<SourceFile>& files, const HostAccounts& accounts) {
  loader::Report report(files);
  loader::DocumentSet set;
  for (const SourceFile& file : files) loader::ReadFile(file, set, report);
  loader::CheckNames(set, report);
  loader::ResolveReferences(set, report);
  loader::CheckBlueprints(set, report);
  loader::CheckPolicies(set, report);
  loader::CheckDaemon(set, report);
  loader::CheckAdminSockets(set, report);
  loader::CheckDirectories(set, report);
  loader::ResolveAccounts(set, accounts, report);
  loader::CheckSeparation(set, accounts, report);

  LoadResult result;
  if (!report.failed()) {
    result.catalog = CatalogBuilder::Build(std::move(set), accounts.OverflowUid());
  }
  result.issues = std::move(report).Take();
  return result;
}

}  // namespace behalf
