// What the files that a credential names hold.
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "blueprint/documents.h"
#include "daemon/base/secret_string.h"
#include "daemon/crypto/secret_file.h"
#include "daemon/crypto/signing_certificate.h"

namespace behalf {

struct CredentialFile {
  std::string path;  // empty: a systemd credential, and there are none
  SecretFileKind kind = SecretFileKind::kFile;
  std::string systemd_credential;  // its name; empty: a file
};

// All files of the credential, those that are not there included.
// `credentials_directory` is systemd's, empty when there is none.
std::vector<CredentialFile> FilesOf(const Credential& credential,
                                    const std::string& credentials_directory);

struct LoadedCredential {
  SecretString text;  // the client secret, or the federated token
  std::shared_ptr<const SigningCertificate> certificate;
  std::string basis;  // digest of what counts of all that was read
};

// Reads and decodes the files. Fails with a plain FailedPrecondition whose
// message is for an operator: the path, what is wrong and what to do.
// Thread-safe.
absl::StatusOr<LoadedCredential> ReadCredential(const Credential& credential,
                                                const std::string& credentials_directory);

// When a credential can be used.
struct Validity {
  absl::Time from = absl::InfinitePast();
  absl::Time until = absl::InfiniteFuture();  // not known: infinite
};
Validity ValidityOf(const Credential& credential, const LoadedCredential& loaded);

// As operators are told of it: "2027-01-31T00:00:00Z".
std::string ShownToOperators(absl::Time time);

// Why the credential cannot be used at `now`, as a sentence; empty: it can.
std::string FaultAt(absl::Time now, const Credential& credential, const Validity& validity);

}  // namespace behalf
