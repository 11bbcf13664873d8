#include "blueprint/report.h"

#include <algorithm>
#include <tuple>
#include <utility>

#include "absl/strings/ascii.h"
#include "absl/strings/str_cat.h"

namespace behalf::loader {
namespace {

constexpr std::size_t kMostIssues = 200;
constexpr std::size_t kLongestLine = 240;

std::vector<std::string_view> Lines(std::string_view text) {
  std::vector<std::string_view> lines;
  while (!text.empty()) {
    const auto end = std::min(text.find('\n'), text.size());
    lines.push_back(text.substr(0, end));
    text.remove_prefix(std::min(end + 1, text.size()));
  }
  return lines;
}

bool Printable(std::string_view line) {
  return line.size() <= kLongestLine && std::none_of(line.begin(), line.end(), [](unsigned char c) {
           return c == 0x7F || (c < ' ' && c != '\t');
         });
}

// Whether a secret may stand here although none belongs into a document: a key
// named like one with a value of its own, as in `clientSecret: x`.
bool SeemsSecret(std::string_view line) {
  const std::string lower = absl::AsciiStrToLower({line.data(), line.size()});
  for (const std::string_view word :
       {"secret", "password", "passphrase", "privatekey", "accesstoken", "refreshtoken"}) {
    const std::size_t at = lower.rfind(word);
    if (at == std::string::npos) continue;
    const std::size_t colon = lower.find_first_not_of("abcdefghijklmnopqrstuvwxyz_\"'", at);
    if (colon == std::string::npos || lower[colon] != ':') continue;
    const std::size_t value = lower.find_first_not_of(' ', colon + 1);
    if (value != std::string::npos && lower[value] != '{') return true;
  }
  return false;
}

auto Order(const Issue& issue) {
  return std::tie(issue.place.file, issue.place.line, issue.place.column, issue.message);
}

}  // namespace

Report::Report(const std::vector<SourceFile>& files) {
  for (const SourceFile& file : files) lines_.try_emplace(file.path, Lines(file.text));
}

bool Report::full() const { return issues_.size() >= kMostIssues; }

void Report::Error(Place place, std::string message, std::string advice) {
  failed_ = true;
  Add({.kind = Issue::Kind::kDocument,
       .place = std::move(place),
       .message = std::move(message),
       .advice = std::move(advice),
       .line = {},
       .blueprint = {}});
}

void Report::HostFact(Place place, std::string message, std::string advice) {
  Add({.kind = Issue::Kind::kHost,
       .place = std::move(place),
       .message = std::move(message),
       .advice = std::move(advice),
       .line = {},
       .blueprint = {}});
}

void Report::Add(Issue issue) {
  if (std::ranges::find(issues_, issue) != issues_.end()) return;
  if (full()) {
    ++untold_;
    return;
  }
  issues_.push_back(std::move(issue));
}

std::string Report::LineOf(const Place& place) {
  const auto found = lines_.find(place.file);
  if (found == lines_.end() || place.line < 1) return {};
  if (hidden_.contains(std::pair(place.file, place.line))) return {};
  const auto index = static_cast<std::size_t>(place.line) - 1;
  if (index >= found->second.size()) return {};
  const std::string_view line = found->second[index];
  return Printable(line) && !SeemsSecret(line) ? std::string(line) : std::string();
}

std::vector<Issue> Report::Take() && {
  std::sort(issues_.begin(), issues_.end(),
            [](const Issue& a, const Issue& b) { return Order(a) < Order(b); });
  issues_.erase(std::unique(issues_.begin(), issues_.end()), issues_.end());
  for (Issue& issue : issues_) issue.line = LineOf(issue.place);
  if (untold_ > 0) {
    issues_.back().advice = absl::StrCat(issues_.back().advice, " (", untold_,
                                         " more issues are not shown: correct these first)");
  }
  return std::move(issues_);
}

}  // namespace behalf::loader
