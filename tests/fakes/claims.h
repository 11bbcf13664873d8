// The claims of a token in the making, one by one, so that a test can change
// exactly one thing.
#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <string_view>

#include "absl/time/time.h"

namespace behalf {

// Not thread-safe.
class Claims {
 public:
  Claims& Text(const std::string& name, std::string_view value);
  Claims& Number(const std::string& name, std::int64_t value);
  Claims& Time(const std::string& name, absl::Time value);  // a NumericDate
  // `value` is JSON.
  Claims& Json(const std::string& name, std::string_view value);
  Claims& Without(const std::string& name);

  std::string ToJson() const;

 private:
  std::map<std::string, std::string> values_;
};

// A token with these claims that no key signed, as a reply may be read.
std::string UnsignedToken(const Claims& claims);

}  // namespace behalf
