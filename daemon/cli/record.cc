#include "daemon/cli/record.h"

#include <google/protobuf/timestamp.pb.h>

#include <algorithm>

#include "absl/strings/str_replace.h"
#include "daemon/cli/text.h"

namespace behalf::cli {
namespace {

std::string CellText(const Json& value) {
  if (const auto* text = std::get_if<std::string>(&value.value())) return *text;
  const auto* array = std::get_if<Json::Array>(&value.value());
  if (array == nullptr) return value.Dump();
  std::string out;
  for (const Json& element : *array) {
    if (!out.empty()) out.push_back(' ');
    out.append(CellText(element));
  }
  return out;
}

// In code points: good enough for what stands in our tables.
std::size_t Width(const std::string& text) {
  return static_cast<std::size_t>(std::ranges::count_if(
      text, [](char c) { return (static_cast<unsigned char>(c) & 0xC0) != 0x80; }));
}

}  // namespace

std::string TimeText(const google::protobuf::Timestamp& time) {
  const absl::Time at = absl::FromUnixSeconds(time.seconds()) + absl::Nanoseconds(time.nanos());
  return absl::FormatTime("%Y-%m-%dT%H:%M:%SZ", at, absl::UTCTimeZone());
}

void PrintRecord(const Json::Object& record, Console& console) {
  if (console.format() == Format::kJson) {
    console.out() << Json(record).Dump() << '\n';
    return;
  }
  std::vector<std::vector<std::string>> rows;
  for (const auto& [key, value] : record) {
    rows.push_back({absl::StrReplaceAll(key, {{"_", " "}}), CellText(value)});
  }
  console.out() << TableText(rows);
}

std::string TableText(const std::vector<std::vector<std::string>>& rows) {
  std::vector<std::size_t> widths;
  std::vector<std::vector<std::string>> cells = rows;
  for (auto& row : cells) {
    widths.resize(std::max(widths.size(), row.size()));
    for (std::size_t i = 0; i < row.size(); ++i) {
      row[i] = PrintableOnOneLine(row[i]);
      widths[i] = std::max(widths[i], Width(row[i]));
    }
  }
  std::string out;
  for (const auto& row : cells) {
    std::string line;
    for (std::size_t i = 0; i < row.size(); ++i) {
      line.append(row[i]).append(widths[i] - Width(row[i]) + 2, ' ');
    }
    out.append(line.substr(0, line.find_last_not_of(' ') + 1)).push_back('\n');
  }
  return out;
}

}  // namespace behalf::cli
