// How tokens and users are named where they must not be shown.
#pragma once

#include <string>
#include <string_view>

#include "daemon/base/secret_string.h"

namespace behalf {

// Keyed, so that a record tells nothing to who tries tokens or users against
// it, and persistent, so that records of many days agree. Immutable, hence
// thread-safe; nothing fails.
class TokenNamer {
 public:
  // `key`: 32 random bytes.
  explicit TokenNamer(SecretString key);

  // First 8 hex digits of SHA-256("behalf audit key id" || key).
  const std::string& key_id() const { return key_id_; }

  // "KEYID:" and 32 hex digits of HMAC-SHA256(key, token), of a token or a
  // handle.
  std::string Digest(std::string_view token) const;

  // A name of the user for one tool: other tools see other names. 32 hex
  // digits of HMAC-SHA256 under HKDF(key, "behalf subject_ref") over the
  // length-prefixed parts.
  std::string Pseudonym(std::string_view tool, std::string_view tid, std::string_view oid) const;

 private:
  SecretString key_;
  SecretString pseudonym_key_;
  std::string key_id_;
};

}  // namespace behalf
