// A strict reader of JSON objects (RFC 8259) from outside: tokens, key sets,
// providers' replies. What is ambiguous is refused: a key that stands twice in
// an object at any depth, a byte order mark, invalid UTF-8, a lone surrogate,
// a number out of range, anything after the object.
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <string_view>
#include <vector>

#include "absl/status/statusor.h"

namespace behalf {

struct JsonLimits {
  std::size_t max_bytes = std::size_t{1} << 20;
  int max_depth = 8;  // the outermost object counts as 1
};

// An immutable object. Cheap to copy; copies, and objects taken out of it,
// share one parse. Views stay valid as long as any of them lives. Thread-safe.
//
// The readers answer null when the key is absent or its value has another
// type: nothing is converted.
class JsonObject {
 public:
  // Fails with a plain InvalidArgument that says why and quotes nothing; the
  // caller knows which Reason that is.
  static absl::StatusOr<JsonObject> Parse(std::string_view text, JsonLimits limits = {});

  // True for `null` too.
  bool Has(std::string_view key) const;

  std::optional<std::string_view> String(std::string_view key) const;
  // Only numbers written as integers that fit; never 1.0, 1e3 or "1".
  std::optional<std::int64_t> Integer(std::string_view key) const;
  std::optional<bool> Bool(std::string_view key) const;
  std::optional<JsonObject> Object(std::string_view key) const;

  // Arrays whose elements are all of the type; possibly empty.
  std::optional<std::vector<std::string_view>> Strings(std::string_view key) const;
  std::optional<std::vector<std::int64_t>> Integers(std::string_view key) const;
  std::optional<std::vector<JsonObject>> Objects(std::string_view key) const;

 private:
  struct Node;
  explicit JsonObject(std::shared_ptr<const Node> node);

  std::shared_ptr<const Node> node_;
};

}  // namespace behalf
