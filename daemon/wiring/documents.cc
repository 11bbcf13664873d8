#include "daemon/wiring/documents.h"

#include <iostream>
#include <string>
#include <utility>
#include <vector>

#include "blueprint/credential_files.h"
#include "spdlog/spdlog.h"

namespace behalf {

absl::StatusOr<LoadedDocuments> LoadFirst(Documents& documents) {
  LoadedDocuments loaded = LoadDocuments(ReadText(documents.disk), documents.disk,
                                         *documents.accounts, /*running=*/nullptr);
  if (loaded.in_force) {
    for (const std::string& issue : loaded.issues) spdlog::warn("{}", issue);
    return loaded;
  }
  if (loaded.issues == std::vector<std::string>{loaded.refusal})
    return absl::FailedPreconditionError(loaded.refusal);
  for (const std::string& issue : loaded.issues) std::cerr << issue << "\n";
  return absl::FailedPreconditionError("the documents do not load");
}

WatchedFiles FilesOf(const Catalog& catalog, const Options& options) {
  WatchedFiles watched{.tree = options.documents, .files = {}};
  for (const auto& blueprint : catalog.blueprints()) {
    for (CredentialFile& file : FilesOf(blueprint->credential, options.credentials_directory)) {
      if (!file.path.empty()) watched.files.push_back(std::move(file.path));
    }
  }
  for (const auto& provider : catalog.providers()) {
    if (!provider->ca_file.empty()) watched.files.push_back(provider->ca_file);
  }
  return watched;
}

}  // namespace behalf
