// Answers as a person or a program wants them.
#pragma once

#include <string>
#include <vector>

#include "absl/time/time.h"
#include "daemon/cli/console.h"
#include "daemon/cli/json.h"

namespace google::protobuf {
class Timestamp;
}

namespace behalf::cli {

// RFC 3339, in UTC.
std::string TimeText(const google::protobuf::Timestamp& time);

// The members as one JSON object, or as "member name  value" lines; a list
// becomes words.
void PrintRecord(const Json::Object& record, Console& console);

// Rows below a header, in columns as wide as they need. Cells are made
// printable.
std::string TableText(const std::vector<std::vector<std::string>>& rows);

}  // namespace behalf::cli
