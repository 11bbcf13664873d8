// Between protobuf messages and values of ours.
#pragma once

#include <google/protobuf/duration.pb.h>
#include <google/protobuf/timestamp.pb.h>

#include <string>
#include <vector>

#include "absl/time/time.h"
#include "daemon/base/secret_string.h"

namespace behalf {

void SetTimestamp(absl::Time time, google::protobuf::Timestamp& message);
absl::Duration FromMessage(const google::protobuf::Duration& message);

template <typename Strings>
std::vector<std::string> ToVector(const Strings& strings) {
  return {strings.begin(), strings.end()};
}

template <typename Strings>
void AddAll(const std::vector<std::string>& from, Strings* to) {
  for (const std::string& text : from) *to->Add() = text;
}

}  // namespace behalf
