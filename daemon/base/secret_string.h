// A secret as a type: it cannot be printed, compared by accident or copied
// unseen, and its bytes are overwritten when it goes away.
#pragma once

#include <iosfwd>
#include <string>
#include <string_view>
#include <utility>

namespace behalf {

// Owns secret bytes. Not copyable; Clone() says so where a copy is meant.
// Every place that reads the bytes is found by searching for "Reveal".
class SecretString {
 public:
  SecretString() = default;
  explicit SecretString(std::string bytes);
  explicit SecretString(std::string_view bytes) : bytes_(bytes) {}
  explicit SecretString(const char*) = delete;

  SecretString(SecretString&& other) noexcept;
  SecretString& operator=(SecretString&& other) noexcept;
  SecretString(const SecretString&) = delete;
  SecretString& operator=(const SecretString&) = delete;
  ~SecretString() { Wipe(); }

  SecretString Clone() const { return SecretString(std::string_view(bytes_)); }

  // The view is valid as long as this object. Never log, store or return it.
  std::string_view Reveal() const { return bytes_; }

  bool empty() const { return bytes_.empty(); }
  std::size_t size() const { return bytes_.size(); }

 private:
  void Wipe() noexcept;

  std::string bytes_;
};

std::ostream& operator<<(std::ostream&, const SecretString&) = delete;

// Overwrites `bytes` in a way the compiler may not drop, then empties it.
void WipeString(std::string& bytes) noexcept;

}  // namespace behalf
