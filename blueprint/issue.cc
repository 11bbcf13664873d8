#include "blueprint/issue.h"

#include <algorithm>

#include "absl/strings/str_cat.h"

namespace behalf {
namespace {

// Blanks up to the column, tabs kept so that the caret stands below its character.
std::string Indent(const std::string& line, int column) {
  std::string blanks;
  int characters = 0;
  for (const char c : line) {
    if ((static_cast<unsigned char>(c) & 0xC0) == 0x80) continue;
    if (++characters >= column) break;
    blanks.push_back(c == '\t' ? '\t' : ' ');
  }
  blanks.append(static_cast<std::size_t>(std::max(0, column - 1 - characters)), ' ');
  return blanks;
}

}  // namespace

std::string Render(const Issue& issue) {
  std::string out = issue.place.file;
  if (issue.place.line > 0) absl::StrAppend(&out, ":", issue.place.line, ":", issue.place.column);
  absl::StrAppend(&out, issue.kind == Issue::Kind::kHost ? ": host: " : ": error: ", issue.message,
                  "\n");
  if (!issue.line.empty()) {
    absl::StrAppend(&out, "  ", issue.line, "\n  ", Indent(issue.line, issue.place.column), "^\n");
  }
  if (!issue.advice.empty()) absl::StrAppend(&out, "help: ", issue.advice, "\n");
  return out;
}

}  // namespace behalf
