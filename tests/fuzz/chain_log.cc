#include "tests/fuzz/chain_log.h"

#include <algorithm>

#include "absl/strings/str_cat.h"

namespace behalf::fuzz {

std::vector<GivenLine> LinesIn(std::string_view text) {
  std::vector<GivenLine> lines;
  while (!text.empty()) {
    const std::size_t end = text.find('\n');
    lines.push_back({text.substr(0, end), end != text.npos});
    text.remove_prefix(std::min(text.size(), lines.back().text.size() + 1));
  }
  return lines;
}

ChainLog::ChainLog() : key(SecretString(std::string(32, 's'))) {
  AppendDebris(files[0], "{\"event\":\"started\"}");
  for (const char* const event : {"started", "token_issued", "denied"}) Append(files[0], event);
  AppendDebris(files[0], "{\"time\":\"cut sh");
  Append(files[0], "token_issued");
  Append(files[0], "head", true);
  Append(files[0], "token_issued");
  Append(files[1], "reopened");
  Append(files[1], "revoked");
  AppendDebris(files[1], "{");
  Append(files[1], "token_issued");
  Append(files[1], "head", true);
}

void ChainLog::Append(std::string& file, std::string_view event, bool is_head) {
  std::string line = absl::StrCat("{\"time\":\"2026-11-22T10:00:00.00000", end_.seq,
                                  "Z\",\"event\":\"", std::string(event), "\"}\n");
  AddLink(line, end_.Next());
  if (is_head) AddSignature(line, key);
  file += line;
  line.pop_back();
  end_ = {end_.chain, end_.seq + 1, DigestOfLine(line)};
  if (is_head) heads.push_back(line);
}

void ChainLog::AppendDebris(std::string& file, std::string_view text) {
  file.append(text).append("\n");
  end_.digest = WithDebris(end_.digest, text);
}

}  // namespace behalf::fuzz
