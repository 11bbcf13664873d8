#include <algorithm>

#include "absl/time/clock.h"
#include "blueprint/load.h"
#include "daemon/cli/question.h"
#include "daemon/cli/text.h"
#include "daemon/wire/explanation.h"
#include "daemon/wire/question.h"

namespace behalf::cli {
namespace {

absl::StatusOr<LoadResult> LoadDocuments(const std::vector<std::string>& paths, Console& console) {
  std::vector<SourceFile> files;
  for (const std::string& path : paths) {
    absl::StatusOr<std::vector<SourceFile>> more = ReadSources(path);
    if (!more.ok()) return absl::FailedPreconditionError(more.status().message());
    std::ranges::move(*more, std::back_inserter(files));
  }
  LoadResult result = Load(files, *SystemAccounts());
  if (result.catalog != nullptr) return result;
  for (const Issue& issue : result.issues) console.err() << Printable(Render(issue)) << '\n';
  return absl::FailedPreconditionError("the documents do not load");
}

std::vector<std::string> DisabledHere(const LoadResult& loaded, const Console& console) {
  std::vector<std::string> names;
  const auto keep = [&](const std::vector<Issue>& issues) {
    for (const Issue& issue : issues) {
      if (!issue.blueprint.empty()) names.push_back(issue.blueprint);
    }
  };
  keep(loaded.issues);
  keep(CheckHost(
      *loaded.catalog,
      {.credentials_directory = console.Variable("CREDENTIALS_DIRECTORY"), .now = absl::Now()}));
  std::ranges::sort(names);
  return names;
}

}  // namespace

absl::StatusOr<v1::Explanation> AskDocuments(const Arguments& arguments,
                                             const v1::AdminExplainRequest& request,
                                             Console& console) {
  const auto loaded = LoadDocuments(arguments.Values("documents"), console);
  if (!loaded.ok()) return loaded.status();
  Asked asked = FromMessage(request, absl::Now());
  if (arguments.Has("host")) asked.disabled = DisabledHere(*loaded, console);
  v1::Explanation explanation;
  ToMessage(Explain(*loaded->catalog, QuestionOf(asked)), loaded->catalog->digest(), explanation);
  return explanation;
}

}  // namespace behalf::cli
