// The documents of a running daemon, read from the disk.
#pragma once

#include <memory>

#include "absl/status/statusor.h"
#include "daemon/base/clock.h"
#include "daemon/broker/document_set_load.h"
#include "daemon/broker/document_source.h"
#include "daemon/oauth/credentials_on_disk.h"
#include "daemon/process/file_watch.h"
#include "daemon/wiring.h"

namespace behalf {

// The documents, and what they are read with.
struct Documents {
  explicit Documents(const Options& options)
      : credentials(options.credentials_directory, clock),
        disk(options.documents, options.credentials_directory, credentials, clock) {}

  const SystemClock clock;
  CredentialsOnDisk credentials;
  DocumentsOnDisk disk;
  const std::unique_ptr<HostAccounts> accounts = SystemAccounts();
};

// Fails with a sentence for the operator; issues have been printed to stderr
// by then.
absl::StatusOr<LoadedDocuments> LoadFirst(Documents& documents);

// What the catalog stands on besides its documents.
WatchedFiles FilesOf(const Catalog& catalog, const Options& options);

}  // namespace behalf
