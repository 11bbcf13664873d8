// From the text of documents to what can be put in force, or to why not.
#pragma once

#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "blueprint/load.h"
#include "daemon/broker/document_source.h"
#include "daemon/broker/live_catalog.h"

namespace behalf {

struct DocumentText {
  absl::StatusOr<std::vector<SourceFile>> files;
  std::string fingerprint;  // of paths and text, or of why there is none
};

DocumentText ReadText(DocumentSource& source);

struct LoadedDocuments {
  CatalogInForcePtr in_force;  // null: refused
  std::string fingerprint;
  // For the operator, rendered. Why the set was refused; of one that loads,
  // what this host disables.
  std::vector<std::string> issues;
  std::string refusal;  // one sentence, without text of the documents
};

// Whole or not at all. `running`: the Daemon document that the process was
// started by; a set that changes what is read at the start only is refused.
// Null: this is the start.
LoadedDocuments LoadDocuments(const DocumentText& text, DocumentSource& source,
                              const HostAccounts& accounts, const DaemonSpec* running);

// The catalog, with what this host disables of it now.
CatalogInForcePtr OnThisHost(std::shared_ptr<const Catalog> catalog,
                             const std::vector<Issue>& issues);

}  // namespace behalf
