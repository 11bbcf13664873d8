// By what a daemon and its etcd know each other: files that may be replaced.
#pragma once

#include <grpcpp/grpcpp.h>

#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "absl/base/thread_annotations.h"
#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/synchronization/mutex.h"
#include "daemon/crypto/secret_file.h"

namespace behalf {

// PEM files. Empty: the system's certificates; no certificate of our own.
struct EtcdCredentialFiles {
  std::string ca;
  std::string certificate;
  std::string key;
};

// Thread-safe. Looks at the files each time, and reads them again where they
// are not what they were. The last good state serves while they are broken:
// missing, open to others, or a certificate without its key, as between two
// writes.
class EtcdCredentials {
 public:
  // Of files that have changed: that they are in use now, or why the last good
  // ones go on, as a sentence for the operator. Called by who asks.
  using Told = std::function<void(const absl::Status& read)>;

  // Fails with a sentence for the operator.
  static absl::StatusOr<std::unique_ptr<EtcdCredentials>> Read(EtcdCredentialFiles files,
                                                               Told told);

  // The same pointer until other files were read.
  std::shared_ptr<grpc::ChannelCredentials> Current() ABSL_LOCKS_EXCLUDED(mutex_);

 private:
  using Identities = std::vector<std::optional<FileIdentity>>;

  EtcdCredentials(EtcdCredentialFiles files, Told told)
      : files_(std::move(files)), told_(std::move(told)) {}

  Identities Identify() const;
  absl::Status ReadAgain() ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_);

  const EtcdCredentialFiles files_;
  const Told told_;
  absl::Mutex mutex_;
  Identities looked_at_ ABSL_GUARDED_BY(mutex_);
  std::shared_ptr<grpc::ChannelCredentials> current_ ABSL_GUARDED_BY(mutex_);
};

}  // namespace behalf
