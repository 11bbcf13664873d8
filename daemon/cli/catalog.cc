#include "absl/strings/ascii.h"
#include "behalf/v1/admin.grpc.pb.h"
#include "daemon/cli/actions.h"
#include "daemon/cli/admin_call.h"
#include "daemon/cli/exit_code.h"
#include "daemon/cli/record.h"
#include "daemon/cli/text.h"
#include "daemon/cli/trigger.h"

namespace behalf::cli {
namespace {

// In JSON they are a member of the answer.
void PrintIssues(const auto& issues, Console& console) {
  if (console.format() == Format::kJson) return;
  for (const std::string& issue : issues) console.err() << Printable(issue) << '\n';
}

int PrintReload(const v1::ReloadCatalogResponse& answer, Console& console) {
  PrintIssues(answer.issues(), console);
  Json::Object record = {{"taken", answer.taken()}, {"catalog_digest", answer.catalog_digest()}};
  if (console.format() == Format::kJson)
    record.emplace_back("issues", JsonStrings(answer.issues()));
  PrintRecord(record, console);
  return answer.taken() ? kOk : kNegative;
}

int PrintRollback(const v1::RollbackCatalogResponse& answer, Console& console) {
  PrintIssues(answer.issues(), console);
  Json::Object record = {{"catalog_digest", answer.catalog_digest()}};
  if (console.format() == Format::kJson)
    record.emplace_back("issues", JsonStrings(answer.issues()));
  PrintRecord(record, console);
  return kOk;
}

int PrintHistory(const v1::ListCatalogsResponse& answer, Console& console) {
  Json::Array catalogs;
  std::vector<std::vector<std::string>> rows = {{"DIGEST", "SINCE", "TRIGGER"}};
  for (const v1::CatalogInHistory& catalog : answer.catalogs()) {
    rows.push_back({catalog.digest(), TimeText(catalog.since()), TriggerText(catalog.trigger())});
    catalogs.push_back(Json::Object{{"digest", catalog.digest()},
                                    {"since", TimeText(catalog.since())},
                                    {"trigger", TriggerText(catalog.trigger())}});
  }
  if (console.format() == Format::kJson) {
    PrintRecord(Json::Object{{"catalogs", Json(std::move(catalogs))}}, console);
  } else {
    console.out() << TableText(rows);
  }
  return kOk;
}

}  // namespace

std::string TriggerText(v1::CatalogTrigger trigger) {
  constexpr std::string_view kPrefix = "CATALOG_TRIGGER_";
  const std::string& name = v1::CatalogTrigger_Name(trigger);
  return name.starts_with(kPrefix) ? absl::AsciiStrToLower(name.substr(kPrefix.size())) : "unknown";
}

int ReloadCatalog(const Arguments& arguments, Console& console) {
  return CallAdmin(&v1::Admin::Stub::async::ReloadCatalog, v1::ReloadCatalogRequest(), PrintReload,
                   arguments, console);
}

int ShowCatalogHistory(const Arguments& arguments, Console& console) {
  return CallAdmin(&v1::Admin::Stub::async::ListCatalogs, v1::ListCatalogsRequest(), PrintHistory,
                   arguments, console);
}

int RollbackCatalog(const Arguments& arguments, Console& console) {
  v1::RollbackCatalogRequest request;
  request.set_digest(arguments.operands.front());
  return CallAdmin(&v1::Admin::Stub::async::RollbackCatalog, request, PrintRollback, arguments,
                   console);
}

}  // namespace behalf::cli
