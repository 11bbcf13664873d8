// All documents of a load, bound but not yet known to fit each other. Owns
// the trees and the file names that marks point to. Not thread-safe.
#pragma once

#include <deque>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "blueprint/binder.h"
#include "blueprint/documents.h"
#include "blueprint/load.h"
#include "blueprint/marks.h"
#include "blueprint/node.h"
#include "blueprint/policy.h"
#include "blueprint/report.h"

namespace behalf::loader {

struct Envelope;

// A document by name, whatever its kind.
struct Entry {
  std::string kind;
  std::string name;
  Place place;  // of the name
  const void* document = nullptr;
  bool whole = true;  // no error in it by itself: what it does not say is not there
};

struct DocumentSet {
  std::vector<std::unique_ptr<Provider>> providers;
  std::vector<std::unique_ptr<Api>> apis;
  std::vector<std::unique_ptr<Tool>> tools;
  std::vector<std::unique_ptr<Blueprint>> blueprints;
  std::vector<std::unique_ptr<Policy>> policies;
  std::vector<std::unique_ptr<DaemonSpec>> daemons;

  std::vector<std::shared_ptr<const Envelope>> envelopes;  // kept, as marks know their addresses
  std::vector<Entry> entries;
  std::vector<Reference> references;
  Marks marks;
  std::deque<std::string> files;
  std::deque<std::vector<Node>> trees;
  // False: a file or a document could not be read at all, so that a name that
  // is not here may well be there.
  bool complete = true;

  // Whether all documents of this kind are here, as their authors meant them.
  bool Whole(std::string_view kind) const;
};

// Reads the file's documents into the set.
void ReadFile(const SourceFile& file, DocumentSet& set, Report& report);

// Checks across documents, in this order; each reports and goes on.
void CheckNames(const DocumentSet& set, Report& report);
void ResolveReferences(DocumentSet& set, Report& report);
void CheckBlueprints(const DocumentSet& set, Report& report);
void CheckPolicies(const DocumentSet& set, Report& report);
void CheckDaemon(const DocumentSet& set, Report& report);
void CheckAdminSockets(const DocumentSet& set, Report& report);
void CheckDirectories(const DocumentSet& set, Report& report);
void ResolveAccounts(DocumentSet& set, const HostAccounts& accounts, Report& report);
void CheckSeparation(const DocumentSet& set, const HostAccounts& accounts, Report& report);

}  // namespace behalf::loader
