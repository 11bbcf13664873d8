// Between protobuf messages and values of ours.
#pragma once

#include <string>
#include <vector>

#include "daemon/base/secret_string.h"
#include "daemon/wire/times.h"  // IWYU pragma: export

namespace behalf {

template <typename Strings>
std::vector<std::string> ToVector(const Strings& strings) {
  return {strings.begin(), strings.end()};
}

template <typename Strings>
void AddAll(const std::vector<std::string>& from, Strings* to) {
  for (const std::string& text : from) *to->Add() = text;
}

}  // namespace behalf
