#include "daemon/process/watched_places.h"

#include <deque>
#include <filesystem>
#include <system_error>

namespace behalf {
namespace {

namespace fs = std::filesystem;

constexpr int kMostLinks = 40;  // as the kernel has it
constexpr std::size_t kMostPlaces = 10000;

void AddAll(const std::string& directory, WatchedPlaces& places) { places[directory].clear(); }

void AddName(const std::string& directory, const std::string& name, WatchedPlaces& places) {
  const auto [place, is_new] = places.try_emplace(directory);
  if (is_new || !place->second.empty()) place->second.insert(name);
}

std::deque<fs::path> Parts(const fs::path& path) {
  std::deque<fs::path> parts;
  for (const fs::path& part : path.relative_path()) {
    if (!part.empty() && part != ".") parts.push_back(part);
  }
  return parts;
}

// Follows a path as the kernel does, and notes where it may come to lead
// elsewhere.
void Follow(const std::string& path, WatchedPlaces& places) {
  std::error_code error;
  const fs::path absolute = fs::absolute(path, error);
  fs::path here = absolute.root_path();
  std::deque<fs::path> ahead = Parts(absolute);
  for (int links = 0; !ahead.empty();) {
    const fs::path name = ahead.front();
    ahead.pop_front();
    const fs::file_status status = fs::symlink_status(here / name, error);
    const bool is_link = fs::is_symlink(status);
    if (ahead.empty() || is_link || !fs::exists(status)) AddName(here, name, places);
    if (!fs::exists(status)) return;
    if (!is_link) {
      here = (here / name).lexically_normal();
      continue;
    }
    const fs::path target = fs::read_symlink(here / name, error);
    if (error || ++links > kMostLinks) return;
    const std::deque<fs::path> detour = Parts(target);
    ahead.insert(ahead.begin(), detour.begin(), detour.end());
    if (target.is_absolute()) here = target.root_path();
  }
}

bool IsHidden(const fs::path& path) { return path.filename().string().starts_with('.'); }

// The directories that documents are read from, and where those files lead
// that are symbolic links.
void AddTree(const std::string& tree, WatchedPlaces& places) {
  std::error_code error;
  const fs::path top = fs::canonical(tree, error);
  if (error || !fs::is_directory(top, error)) return;
  AddAll(top, places);
  fs::recursive_directory_iterator entry(top, error);
  for (; !error && entry != fs::recursive_directory_iterator(); entry.increment(error)) {
    if (places.size() >= kMostPlaces) return;
    if (IsHidden(entry->path())) {
      entry.disable_recursion_pending();
    } else if (entry->is_symlink(error)) {
      Follow(entry->path(), places);
    } else if (entry->is_directory(error)) {
      AddAll(entry->path(), places);
    }
  }
}

}  // namespace

WatchedPlaces PlacesOf(const WatchedFiles& watched) {
  WatchedPlaces places;
  AddTree(watched.tree, places);
  Follow(watched.tree, places);
  for (const std::string& file : watched.files) Follow(file, places);
  return places;
}

}  // namespace behalf
