// Times and durations as messages. Pure; thread-safe.
#pragma once

#include <google/protobuf/duration.pb.h>
#include <google/protobuf/timestamp.pb.h>

#include "absl/time/time.h"

namespace behalf {

void SetTimestamp(absl::Time time, google::protobuf::Timestamp& message);
void SetDuration(absl::Duration duration, google::protobuf::Duration& message);
absl::Time FromMessage(const google::protobuf::Timestamp& message);
absl::Duration FromMessage(const google::protobuf::Duration& message);

}  // namespace behalf
