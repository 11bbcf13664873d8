#include "daemon/cli/tree.h"

#include "absl/strings/str_split.h"
#include "daemon/cli/record.h"

namespace behalf::cli {

// Painted after the columns were made: colours have no width.
void PrintTree(const std::vector<Branch>& branches, Console& console) {
  std::vector<std::vector<std::string>> rows;
  for (const Branch& branch : branches) rows.push_back({branch.name, branch.text, branch.place});
  const std::vector<std::string> lines = absl::StrSplit(TableText(rows), '\n');
  for (std::size_t i = 0; i < branches.size(); ++i) {
    const Branch& branch = branches[i];
    console.out() << console.OnOut(Colour::kQuiet, i + 1 < branches.size() ? "├─ " : "└─ ");
    if (!branch.mark.empty()) console.out() << console.OnOut(branch.colour, branch.mark) << ' ';
    console.out() << lines[i] << '\n';
  }
}

}  // namespace behalf::cli
