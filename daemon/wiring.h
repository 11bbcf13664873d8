// The only place that names concrete classes together.
#pragma once

#include <memory>
#include <string>

#include "absl/status/statusor.h"
#include "absl/time/time.h"

namespace behalf {

struct Options {
  std::string documents;              // a directory or a file
  std::string credentials_directory;  // systemd's; empty when there is none
  bool watch = true;                  // notice by itself that documents and secrets change
};

// A running daemon. Not thread-safe; belongs to main.
class Daemon {
 public:
  // Loads the documents, makes sure that the daemon can attest and record, and
  // serves. Fails with a sentence for the operator; issues of the documents
  // have been printed to stderr by then.
  static absl::StatusOr<std::unique_ptr<Daemon>> Start(const Options& options);

  // Stops if Stop was not called.
  ~Daemon();

  // Loads the documents anew; what is wrong with them is logged.
  void Reload();

  // The audit file was moved away: begin a new one.
  void ReopenAudit();

  // What it serves, in one line for people: how many blueprints, which catalog,
  // and what of the documents is not in force.
  std::string Summary() const;

  // For quiet times: writes what the record still owes, and renews what would
  // grow old.
  void Tick();

  // Accepts nobody any more, lets calls end within `grace`, then cancels.
  void Stop(absl::Duration grace);

 private:
  struct Parts;  // daemon/wiring/parts.h
  explicit Daemon(std::unique_ptr<Parts> parts);

  std::unique_ptr<Parts> parts_;
};

// Prints the issues of the documents to stderr. True when they would load.
bool CheckDocuments(const Options& options);

}  // namespace behalf
