#include "daemon/base/secret_string.h"

#include <string.h>

namespace behalf {

void WipeString(std::string& bytes) noexcept {
  explicit_bzero(bytes.data(), bytes.capacity());
  bytes.clear();
}

void SecretString::Wipe() noexcept { WipeString(bytes_); }

// A moved-from std::string may keep short contents in place, hence the wipes.
SecretString::SecretString(std::string bytes) : bytes_(std::move(bytes)) { WipeString(bytes); }

SecretString::SecretString(SecretString&& other) noexcept : bytes_(std::move(other.bytes_)) {
  other.Wipe();
}

SecretString& SecretString::operator=(SecretString&& other) noexcept {
  if (this != &other) {
    Wipe();
    bytes_ = std::move(other.bytes_);
    other.Wipe();
  }
  return *this;
}

}  // namespace behalf
