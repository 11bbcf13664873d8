#include "absl/strings/str_cat.h"
#include "absl/time/clock.h"
#include "blueprint/load.h"
#include "daemon/cli/actions.h"
#include "daemon/cli/documents.h"
#include "daemon/cli/exit_code.h"
#include "daemon/cli/json.h"
#include "daemon/cli/text.h"

namespace behalf::cli {
namespace {

LoadResult LoadAndCheck(const std::vector<SourceFile>& files, bool check_host,
                        const Console& console) {
  LoadResult result = Load(files, *SystemAccounts());
  if (!check_host) {
    std::erase_if(result.issues,
                  [](const Issue& issue) { return issue.kind == Issue::Kind::kHost; });
  } else if (result.catalog != nullptr) {
    const std::vector<Issue> facts = CheckHost(
        *result.catalog,
        {.credentials_directory = console.Variable("CREDENTIALS_DIRECTORY"), .now = absl::Now()});
    result.issues.insert(result.issues.end(), facts.begin(), facts.end());
  }
  return result;
}

Json IssueJson(const Issue& issue) {
  return Json::Object{{"kind", issue.kind == Issue::Kind::kHost ? "host" : "document"},
                      {"file", issue.place.file},
                      {"line", issue.place.line},
                      {"column", issue.place.column},
                      {"message", issue.message},
                      {"advice", issue.advice},
                      {"blueprint", issue.blueprint}};
}

void PrintJson(const LoadResult& result, Console& console) {
  Json::Array issues;
  for (const Issue& issue : result.issues) issues.push_back(IssueJson(issue));
  const Json report =
      Json::Object{{"ok", result.issues.empty()},
                   {"digest", result.catalog ? Json(result.catalog->digest()) : Json()},
                   {"issues", std::move(issues)}};
  console.out() << report.Dump() << '\n';
}

std::string Count(std::size_t count, std::string_view one, std::string_view many) {
  return Concat({std::to_string(count), " ", count == 1 ? one : many});
}

std::size_t AgentCount(const Catalog& catalog) {
  std::size_t count = 0;
  for (const auto& blueprint : catalog.blueprints()) count += blueprint->agents.size();
  return count;
}

void PrintSummary(const Catalog& catalog, std::size_t files, Console& console) {
  console.out() << console.OnOut(Colour::kGood, "ok:") << ' ' << Count(files, "file", "files")
                << ", " << Count(catalog.providers().size(), "provider", "providers") << ", "
                << Count(catalog.apis().size(), "API", "APIs") << ", "
                << Count(catalog.tools().size(), "tool", "tools") << ", "
                << Count(catalog.blueprints().size(), "blueprint", "blueprints") << ", "
                << Count(AgentCount(catalog), "agent", "agents") << ", "
                << Count(catalog.policies().size(), "policy", "policies") << ", digest "
                << catalog.digest() << '\n';
}

}  // namespace

int ValidateBlueprints(const Arguments& arguments, Console& console) {
  const absl::StatusOr<std::vector<SourceFile>> files = ReadDocuments(arguments.operands);
  if (!files.ok()) return console.Fail(files.status());
  const LoadResult result = LoadAndCheck(*files, !arguments.Has("no-host"), console);
  if (console.format() == Format::kJson) {
    PrintJson(result, console);
  } else if (!result.issues.empty()) {
    PrintIssues(result.issues, console);
  } else {
    PrintSummary(*result.catalog, files->size(), console);
  }
  return result.issues.empty() ? kOk : kNegative;
}

}  // namespace behalf::cli
