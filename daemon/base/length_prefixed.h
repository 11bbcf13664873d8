// Strings one after another, each behind its length, so that no two different
// sequences look the same whatever the strings contain.
#pragma once

#include <charconv>
#include <cstddef>
#include <string>
#include <string_view>
#include <system_error>

namespace behalf {

// Appends "SIZE:BYTES".
inline void AppendPart(std::string& out, std::string_view part) {
  out.append(std::to_string(part.size())).push_back(':');
  out.append(part);
}

// Takes the next part off the front of `in`. False when there is none, or when
// what is there was not made by AppendPart; `in` is then of no more use.
inline bool NextPart(std::string_view& in, std::string_view& part) {
  std::size_t size = 0;
  const auto [end, error] = std::from_chars(in.data(), in.data() + in.size(), size);
  const auto digits = static_cast<std::size_t>(end - in.data());
  if (error != std::errc{} || digits == in.size() || in[digits] != ':') return false;
  if (digits > 1 && in.front() == '0') return false;
  in.remove_prefix(digits + 1);
  if (in.size() < size) return false;
  part = in.substr(0, size);
  in.remove_prefix(size);
  return true;
}

}  // namespace behalf
