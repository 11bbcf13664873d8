#include "blueprint/suggest.h"

#include <algorithm>
#include <numeric>
#include <vector>

#include "absl/strings/ascii.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"

namespace behalf::loader {
namespace {

constexpr std::size_t kLongestWord = 64;
constexpr std::size_t kMostListed = 20;

// Damerau-Levenshtein, restricted to swaps of neighbours.
std::size_t Distance(std::string_view a, std::string_view b) {
  std::vector<std::size_t> before(b.size() + 1), last(b.size() + 1), row(b.size() + 1);
  std::iota(last.begin(), last.end(), std::size_t{0});
  for (std::size_t i = 1; i <= a.size(); ++i) {
    row[0] = i;
    for (std::size_t j = 1; j <= b.size(); ++j) {
      row[j] = std::min({last[j] + 1, row[j - 1] + 1, last[j - 1] + (a[i - 1] != b[j - 1])});
      const bool swapped = i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1];
      if (swapped) row[j] = std::min(row[j], before[j - 2] + 1);
    }
    before.swap(last);
    last.swap(row);
  }
  return last[b.size()];
}

std::string Lower(std::string_view text) {
  return absl::AsciiStrToLower({text.data(), text.size()});
}

std::string List(std::span<const std::string> known) {
  if (known.empty()) return "none is defined";
  std::vector<std::string> shown(known.begin(), known.end());
  if (shown.size() > kMostListed) {
    shown.resize(kMostListed);
    shown.push_back(absl::StrCat("and ", known.size() - kMostListed, " more"));
  }
  return absl::StrCat("known: ", absl::StrJoin(shown, ", "));
}

}  // namespace

const std::string* Nearest(std::string_view unknown, std::span<const std::string> known) {
  if (unknown.size() > kLongestWord) return nullptr;
  const std::string word = Lower(unknown);
  std::size_t nearest = std::max<std::size_t>(1, word.size() / 3) + 1;
  const std::string* found = nullptr;
  for (const std::string& candidate : known) {
    const auto [shorter, longer] = std::minmax({candidate.size(), word.size()});
    if (longer - shorter >= nearest) continue;
    const std::size_t distance = Distance(word, Lower(candidate));
    if (distance >= nearest) continue;
    nearest = distance;
    found = &candidate;
  }
  return found;
}

std::string Suggest(std::string_view unknown, std::span<const std::string> known) {
  const std::string* nearest = Nearest(unknown, known);
  return nearest != nullptr ? absl::StrCat("did you mean `", *nearest, "`?") : List(known);
}

}  // namespace behalf::loader
