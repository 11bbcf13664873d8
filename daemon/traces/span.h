// One step of a request, as others who watch traces are told of it.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <utility>
#include <variant>
#include <vector>

#include "absl/time/time.h"

namespace behalf {

struct Span {
  enum class Kind : std::uint8_t { kServer, kClient };
  using Value = std::variant<std::string, bool, std::int64_t>;

  std::string trace_id;  // 32 hex digits
  std::string id;        // 16 hex digits
  std::string parent;    // 16 hex digits; empty: there is none
  std::string name;
  Kind kind = Kind::kServer;
  absl::Time began;
  absl::Time ended;  // not before
  // Names of the documents and of the code, and nothing that a caller wrote.
  std::vector<std::pair<std::string_view, Value>> attributes;
  std::string error;  // why it is a failure of the daemon's or the provider's; empty: it is none
};

}  // namespace behalf
