// The blueprints' own credentials.
#pragma once

#include <string>
#include <utility>

#include "absl/status/statusor.h"
#include "blueprint/documents.h"
#include "daemon/base/secret_string.h"

namespace behalf {

// Implementations are thread-safe.
class BlueprintSecrets {
 public:
  virtual ~BlueprintSecrets() = default;
  // The client secret as it is now; kBlueprintDisabled when it cannot be read.
  virtual absl::StatusOr<SecretString> SecretOf(const Blueprint& blueprint) = 0;
};

// Reads the file or the systemd credential each time: it is asked about once
// an hour and agent, and so a replaced file counts from the next time on.
class SecretsOnDisk final : public BlueprintSecrets {
 public:
  // `credentials_directory`: systemd's; empty when there is none.
  explicit SecretsOnDisk(std::string credentials_directory)
      : credentials_directory_(std::move(credentials_directory)) {}

  absl::StatusOr<SecretString> SecretOf(const Blueprint& blueprint) override;

 private:
  const std::string credentials_directory_;
};

}  // namespace behalf
