#include "blueprint/canon.h"

#include <algorithm>

#include "absl/strings/str_cat.h"
#include "blueprint/file_names.h"
#include "daemon/base/length_prefixed.h"

namespace behalf::loader {

void Canon::Text(std::string_view text) { AppendPart(bytes_, text); }

void Canon::FileName(std::string_view resolved) {
  const std::string below = Resolve(directory_, "");
  if (!below.empty() && resolved.starts_with(below)) resolved.remove_prefix(below.size());
  Text(resolved);
}

void Canon::Parts(std::vector<Canon> parts) {
  std::sort(parts.begin(), parts.end(),
            [](const Canon& a, const Canon& b) { return a.bytes_ < b.bytes_; });
  Text(absl::StrCat(parts.size()));
  for (const Canon& part : parts) Part(part);
}

}  // namespace behalf::loader
