#include "daemon/cli/documents.h"

#include <set>
#include <utility>

#include "daemon/cli/text.h"

namespace behalf::cli {
namespace {

std::string Count(std::size_t count, std::string_view one, std::string_view many) {
  return Concat({std::to_string(count), " ", count == 1 ? one : many});
}

}  // namespace

absl::StatusOr<std::vector<SourceFile>> ReadDocuments(const std::vector<std::string>& paths) {
  std::vector<SourceFile> files;
  for (const std::string& path : paths) {
    absl::StatusOr<std::vector<SourceFile>> more = ReadSources(path);
    if (!more.ok()) return absl::FailedPreconditionError(more.status().message());
    for (SourceFile& file : *more) files.push_back(std::move(file));
  }
  return files;
}

void PrintIssues(const std::vector<Issue>& issues, Console& console) {
  std::set<std::string> files;
  for (const Issue& issue : issues) {
    console.err() << Printable(Render(issue)) << '\n';
    files.insert(issue.place.file);
  }
  console.err() << console.OnErr(Colour::kBad, Count(issues.size(), "finding", "findings"))
                << " in " << Count(files.size(), "file", "files") << '\n';
}

}  // namespace behalf::cli
