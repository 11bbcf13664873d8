// Where documents come from, and what the host makes of them.
#pragma once

#include <string>
#include <utility>
#include <vector>

#include "absl/status/statusor.h"
#include "blueprint/load.h"
#include "daemon/base/clock.h"
#include "daemon/oauth/credentials_on_disk.h"

namespace behalf {

// One thread at a time asks.
class DocumentSource {
 public:
  virtual ~DocumentSource() = default;

  // The text of the whole set as it is now.
  virtual absl::StatusOr<std::vector<SourceFile>> Read() = 0;

  // What disables blueprints of the catalog, which is in force or about to be.
  virtual std::vector<Issue> CheckHost(const Catalog& catalog) = 0;
};

// A directory or a file. Reads until it has read the same twice, so that files
// which are replaced one after the other, or by a symbolic link that changes
// its target, are not taken half old and half new.
class DocumentsOnDisk final : public DocumentSource {
 public:
  // `credentials_directory`: systemd's; empty when there is none. `credentials`
  // and `clock` must outlive this.
  DocumentsOnDisk(std::string path, std::string credentials_directory,
                  CredentialsOnDisk& credentials, const Clock& clock)
      : path_(std::move(path)),
        credentials_directory_(std::move(credentials_directory)),
        credentials_(credentials),
        clock_(clock) {}

  absl::StatusOr<std::vector<SourceFile>> Read() override;
  std::vector<Issue> CheckHost(const Catalog& catalog) override;

 private:
  const std::string path_;
  const std::string credentials_directory_;
  CredentialsOnDisk& credentials_;
  const Clock& clock_;
};

}  // namespace behalf
