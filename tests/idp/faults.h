// Errors that token requests are answered with on order.
#pragma once

#include <mutex>
#include <optional>
#include <string>
#include <vector>

#include "tests/idp/message.h"

namespace behalf::idp {

struct Fault {
  int code = 0;         // a row of the error table
  int status = 0;       // HTTP; 0: as in the row
  int retry_after = 0;  // seconds; 0: none is told
  int times = 1;        // how many requests
  std::string claims = {};
  // Which requests; empty: all.
  std::string client = {};
  std::string grant = {};
};

// Thread-safe.
class Faults {
 public:
  void Add(Fault fault);
  void Clear();
  std::vector<Fault> Pending() const;

  // The oldest that the request deserves, once less to come.
  std::optional<Fault> Take(const Form& form);

 private:
  mutable std::mutex mutex_;
  std::vector<Fault> faults_;
};

}  // namespace behalf::idp
