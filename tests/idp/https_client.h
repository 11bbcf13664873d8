// One POST of a form over HTTPS.
#pragma once

#include <string>
#include <utility>
#include <vector>

#include "absl/status/statusor.h"

namespace behalf::idp {

struct HttpReply {
  long status = 0;
  std::string body;
};

using FormFields = std::vector<std::pair<std::string, std::string>>;

// Trusts `ca_file` only; follows nothing; gives up after 10 s.
absl::StatusOr<HttpReply> PostForm(const std::string& url, const std::string& ca_file,
                                   const FormFields& fields);

}  // namespace behalf::idp
