#include "blueprint/zones.h"

#include <fstream>
#include <sstream>
#include <vector>

#include "absl/strings/str_cat.h"
#include "blueprint/suggest.h"

namespace behalf::loader {
namespace {

constexpr char kTable[] = "/usr/share/zoneinfo/tzdata.zi";

// The third word of the table's links and the second of its zones.
std::vector<std::string> KnownNames() {
  std::vector<std::string> names = {"UTC"};
  std::ifstream table(kTable);
  for (std::string line; std::getline(table, line);) {
    std::istringstream words(line);
    std::string first, second, third;
    words >> first >> second >> third;
    if (first == "Z") names.push_back(second);
    if (first == "L") names.push_back(third);
  }
  return names;
}

}  // namespace

std::optional<absl::TimeZone> FindZone(const std::string& name) {
  if (name == "localtime" || name.starts_with("Fixed/")) return std::nullopt;
  absl::TimeZone zone;
  return absl::LoadTimeZone(name, &zone) ? std::optional(zone) : std::nullopt;
}

std::string SuggestZone(const std::string& unknown) {
  const std::vector<std::string> known = KnownNames();
  if (const std::string* nearest = Nearest(unknown, known)) {
    return absl::StrCat("did you mean `", *nearest, "`?");
  }
  return "write one of the IANA database, such as Europe/Berlin or UTC; the package tzdata has it";
}

}  // namespace behalf::loader
