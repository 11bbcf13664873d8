// A second reader of JSON objects (RFC 8259), written from the grammar alone,
// to compare the daemon's with.
#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <string_view>

namespace behalf::fuzz {

struct JsonMember {
  enum class Kind : std::uint8_t { kNull, kFlag, kNumber, kText, kList, kObject };

  Kind kind = Kind::kNull;
  std::string text;  // kText: without escapes; kFlag, kNumber: as written
};

struct JsonReading {
  bool is_plain = false;  // an object, strictly; no twin keys, at most 8 deep
  // A number stands in it that a reader may find out of its range.
  bool has_large_number = false;
  std::map<std::string, JsonMember> members;  // of the outermost object
};

JsonReading ReadJson(std::string_view text);

}  // namespace behalf::fuzz
