#include "daemon/broker/document_source.h"

#include <algorithm>

#include "absl/strings/str_cat.h"

namespace behalf {
namespace {

constexpr int kMostReads = 10;

bool Same(const std::vector<SourceFile>& a, const std::vector<SourceFile>& b) {
  return std::equal(a.begin(), a.end(), b.begin(), b.end(), [](const auto& one, const auto& other) {
    return one.path == other.path && one.text == other.text;
  });
}

}  // namespace

absl::StatusOr<std::vector<SourceFile>> DocumentsOnDisk::Read() {
  auto last = ReadSources(path_);
  for (int reads = 1; reads < kMostReads; ++reads) {
    auto now = ReadSources(path_);
    const bool same = last.ok() && now.ok() ? Same(*last, *now) : last.status() == now.status();
    if (same) return now;
    last = std::move(now);
  }
  return absl::FailedPreconditionError(
      absl::StrCat(path_, ": changes faster than it can be read; replace it in one step"));
}

// The credentials first: those that are in hand disable nothing.
std::vector<Issue> DocumentsOnDisk::CheckHost(const Catalog& catalog) {
  credentials_.Follow(catalog);
  return behalf::CheckHost(catalog, {.credentials_directory = credentials_directory_,
                                     .now = clock_.Now(),
                                     .in_hand = [this](const Credential& credential) {
                                       return credentials_.InHand(credential);
                                     }});
}

}  // namespace behalf
