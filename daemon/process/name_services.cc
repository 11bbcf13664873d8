#include "daemon/process/name_services.h"

#include <dlfcn.h>

#include <algorithm>
#include <fstream>
#include <iterator>

#include "absl/strings/ascii.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"

namespace behalf {
namespace {

bool IsLookedUp(absl::string_view database) {
  return database == "passwd" || database == "group" || database == "initgroups" ||
         database == "hosts";
}

// "files [NOTFOUND=return] dns": what stands in brackets is no service.
void AddServices(absl::string_view line, std::vector<std::string>& services) {
  bool in_brackets = false;
  for (const absl::string_view word :
       absl::StrSplit(line, absl::ByAnyChar(" \t"), absl::SkipEmpty())) {
    in_brackets = in_brackets || word.front() == '[';
    if (!in_brackets && std::ranges::find(services, word) == services.end()) {
      services.emplace_back(word);
    }
    in_brackets = in_brackets && word.back() != ']';
  }
}

}  // namespace

std::vector<std::string> NameServicesIn(std::string_view configuration) {
  std::vector<std::string> services;
  const absl::string_view text(configuration.data(), configuration.size());
  for (absl::string_view line : absl::StrSplit(text, '\n')) {
    line = line.substr(0, line.find('#'));
    const std::size_t colon = line.find(':');
    if (colon == absl::string_view::npos) continue;
    if (!IsLookedUp(absl::StripAsciiWhitespace(line.substr(0, colon)))) continue;
    AddServices(line.substr(colon + 1), services);
  }
  return services;
}

void LoadNameServices() {
  std::ifstream file("/etc/nsswitch.conf");
  const std::string text{std::istreambuf_iterator<char>(file), std::istreambuf_iterator<char>()};
  for (const std::string& service : NameServicesIn(text)) {
    // Never closed: the switch finds by its name what is there.
    dlopen(absl::StrCat("libnss_", service, ".so.2").c_str(), RTLD_NOW | RTLD_LOCAL);
  }
}

}  // namespace behalf
