// A user whose token was checked.
#pragma once

#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "absl/time/time.h"
#include "daemon/base/secret_string.h"

namespace behalf {

// What a subject token says, read once. Its signature verified; whether a
// blueprint accepts it is another question.
struct SubjectClaims {
  std::string version;  // "1.0" or "2.0"
  std::string issuer;
  std::string tenant;     // `tid`, lower case
  std::string object_id;  // `oid`, lower case
  std::string audience;
  std::string client_v1;            // `appid`
  std::string client_v2;            // `azp`
  std::vector<std::string> scopes;  // `scp`, sorted
  bool has_roles = false;
  bool has_id_token_marks = false;  // `nonce`, `at_hash` or `c_hash`
  std::string identity_type;        // `idtyp`
  std::string identity_provider;    // `idp`
  std::string account_kind;         // `acct`: "1" is a guest
  std::string relations;            // `xms_idrel`: 5 is a guest
  absl::Time not_before;
  absl::Time expires_at;
  // How it was verified.
  std::string key_id;
  std::string key_thumbprint;
  std::string digest;  // SHA-256 of the token, raw
};

// A user's token that a blueprint accepted at some moment. Immutable. Only a
// SubjectVerifier makes one.
class Subject {
 public:
  const SubjectClaims& claims() const { return *claims_; }
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
