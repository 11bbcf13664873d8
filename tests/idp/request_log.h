// What token requests said, for tests that judge clients.
#pragma once

#include <boost/json/array.hpp>
#include <deque>
#include <mutex>

#include "tests/idp/jwt.h"
#include "tests/idp/message.h"

namespace behalf::idp {

// The newest thousand requests. Thread-safe.
class RequestLog {
 public:
  // Of what is secret or could be, a SHA-256 digest stands in the log.
  void Add(const Request& request, const Response& response, absl::Time now);
  void Clear();
  json::array All() const;

 private:
  mutable std::mutex mutex_;
  std::deque<json::object> entries_;
};

}  // namespace behalf::idp
