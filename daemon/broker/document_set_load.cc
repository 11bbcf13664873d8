#include "daemon/broker/document_set_load.h"

#include <utility>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "blueprint/daemon_rules.h"
#include "daemon/base/length_prefixed.h"
#include "daemon/crypto/digest.h"

namespace behalf {
namespace {

constexpr std::size_t kMostIssues = 200;

std::vector<std::string> Rendered(const std::vector<Issue>& issues) {
  std::vector<std::string> all;
  for (const Issue& issue : issues) {
    if (all.size() == kMostIssues) {
      all.push_back(absl::StrCat("and ", issues.size() - kMostIssues, " more\n"));
      break;
    }
    all.push_back(Render(issue));
  }
  return all;
}

LoadedDocuments Refused(std::string fingerprint, std::string why) {
  return {.in_force = nullptr,
          .fingerprint = std::move(fingerprint),
          .issues = {why},
          .refusal = std::move(why)};
}

LoadedDocuments Refused(std::string fingerprint, const std::vector<Issue>& issues) {
  const Place& first = issues.front().place;
  const std::string more =
      issues.size() == 1 ? "" : absl::StrCat(" and ", issues.size() - 1, " more");
  return {.in_force = nullptr,
          .fingerprint = std::move(fingerprint),
          .issues = Rendered(issues),
          .refusal = absl::StrCat(first.file, ":", first.line, ":", first.column, ": ",
                                  issues.front().message, more)};
}

std::string NeedsRestart(const std::vector<std::string>& keys) {
  std::vector<std::string> paths;
  for (const std::string& key : keys) paths.push_back("spec." + key);
  return absl::StrCat("the Daemon document changes ", absl::StrJoin(paths, ", "),
                      ", which count at the start of the daemon only: restart it");
}

}  // namespace

DocumentText ReadText(DocumentSource& source) {
  DocumentText text{.files = source.Read(), .fingerprint = {}};
  std::string all = text.files.ok() ? "read" : "not";
  if (text.files.ok()) {
    for (const SourceFile& file : *text.files) {
      AppendPart(all, file.path);
      AppendPart(all, file.text);
    }
  } else {
    const absl::string_view why = text.files.status().message();
    AppendPart(all, {why.data(), why.size()});
  }
  text.fingerprint = Sha256(all);
  return text;
}

LoadedDocuments LoadDocuments(const DocumentText& text, DocumentSource& source,
                              const HostAccounts& accounts, const DaemonSpec* running) {
  if (!text.files.ok()) {
    return Refused(text.fingerprint, std::string(text.files.status().message()));
  }
  LoadResult loaded = Load(*text.files, accounts);
  if (!loaded.catalog) return Refused(text.fingerprint, loaded.issues);
  const DaemonSpec* const daemon = loaded.catalog->daemon();
  if (daemon == nullptr) {
    return Refused(text.fingerprint,
                   "the documents hold no Daemon: add one with sockets, audit and stateDirectory");
  }
  if (running != nullptr) {
    const auto keys = KeysThatNeedARestart(*running, *daemon);
    if (!keys.empty()) return Refused(text.fingerprint, NeedsRestart(keys));
  }
  std::vector<Issue> issues = std::move(loaded.issues);
  for (Issue& issue : source.CheckHost(*loaded.catalog)) issues.push_back(std::move(issue));
  return {.in_force = OnThisHost(std::move(loaded.catalog), issues),
          .fingerprint = text.fingerprint,
          .issues = Rendered(issues),
          .refusal = {}};
}

CatalogInForcePtr OnThisHost(std::shared_ptr<const Catalog> catalog,
                             const std::vector<Issue>& issues) {
  auto in_force = std::make_shared<CatalogInForce>();
  in_force->catalog = std::move(catalog);
  for (const Issue& issue : issues) {
    if (!issue.blueprint.empty()) in_force->disabled[issue.blueprint].push_back(issue.message);
  }
  return in_force;
}

}  // namespace behalf
