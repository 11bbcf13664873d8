// How often clients ask for tokens, and how often they may.
#pragma once

#include <deque>
#include <map>
#include <mutex>
#include <string>

#include "absl/time/time.h"
#include "tests/idp/directory.h"
#include "tests/idp/message.h"

namespace behalf::idp {

// What is counted together: requests of one client for one resource. A resource
// that does not exist counts by its name.
std::string RateKey(const Tenant& tenant, std::string_view client_id, std::string_view scope);

// Thread-safe.
class RequestRates {
 public:
  // Whether one more request keeps to the limit; if so it is counted.
  bool Admit(const std::string& key, const Throttle& limit, absl::Time now);

 private:
  std::mutex mutex_;
  std::map<std::string, std::deque<absl::Time>> admitted_;
};

}  // namespace behalf::idp
