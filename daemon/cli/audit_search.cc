#include "daemon/cli/audit_search.h"

#include <google/protobuf/util/json_util.h>

#include <utility>

#include "daemon/cli/lines.h"
#include "daemon/cli/text.h"

namespace behalf::cli {

absl::Status AuditSearch::Read(const std::string& path) {
  return ReadLines(path, [this](const std::string& line, bool) {
    Look(line);
    return true;
  });
}

// Only a line with the id in it is worth parsing.
void AuditSearch::Look(const std::string& line) {
  if (!line.starts_with('{') || !line.ends_with('}')) {
    ++malformed_;
    return;
  }
  if (line.find(id_) == std::string::npos) return;
  Found found = {.decision_id = {}, .line = line, .record = {}};
  if (!IsPrintableOnOneLine(line) ||
      !google::protobuf::util::JsonStringToMessage(line, &found.record).ok()) {
    ++malformed_;
    return;
  }
  const auto id = found.record.fields().find("decision_id");
  if (id == found.record.fields().end()) return;
  found.decision_id = id->second.string_value();
  if (found.decision_id.starts_with(id_)) found_.push_back(std::move(found));
}

}  // namespace behalf::cli
