// A user whose token was checked.
#pragma once

#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "absl/time/time.h"
#include "daemon/base/secret_string.h"

namespace behalf {

// What a subject token says, read once. Its signature verified; whether a
// blueprint admits the user is another question.
struct SubjectClaims {
  std::string version;  // "1.0" or "2.0"
  std::string issuer;
  std::string tenant;     // `tid`, lower case
  std::string object_id;  // `oid`, lower case
  std::string audience;
  std::string client_v1;            // `appid`
  std::string client_v2;            // `azp`
  std::vector<std::string> scopes;  // `scp`, sorted
  bool has_id_token_marks = false;  // `nonce`, `at_hash` or `c_hash`
  std::string identity_type;        // `idtyp`
  bool guest = false;               // of the provider's tenant
  // Absent where the token does not say; sorted.
  std::optional<std::vector<std::string>> groups;
  std::optional<std::vector<std::string>> roles;
  std::optional<std::vector<std::string>> amr;
  std::optional<std::vector<std::string>> auth_contexts;  // `acrs`
  std::optional<std::string> acr;
  std::optional<absl::Time> signed_in_at;  // `auth_time`
  absl::Time not_before;
  absl::Time expires_at;
  // How it was verified.
  std::string key_id;
  std::string key_thumbprint;
  std::string digest;  // SHA-256 of the token, raw
};

// A user's token that was verified at some moment: its issuer says who the
// user is. Immutable. Only a SubjectVerifier makes one.
class Subject {
 public:
  const SubjectClaims& claims() const { return *claims_; }
  // The application that obtained the token.
  const std::string& client() const {
    return claims_->client_v2.empty() ? claims_->client_v1 : claims_->client_v2;
  }
  const std::string& tenant() const { return claims_->tenant; }
  const std::string& object_id() const { return claims_->object_id; }
  const std::string& digest() const { return claims_->digest; }
  absl::Time expires_at() const { return claims_->expires_at; }
  const SecretString& token() const { return token_; }

 private:
  friend class SubjectVerifier;
  Subject(std::shared_ptr<const SubjectClaims> claims, SecretString token)
      : claims_(std::move(claims)), token_(std::move(token)) {}

  std::shared_ptr<const SubjectClaims> claims_;
  SecretString token_;
};

}  // namespace behalf
