// Which directories tell of a change to files that are found by path.
#pragma once

#include <map>
#include <set>
#include <string>
#include <vector>

namespace behalf {

// What is to be watched.
struct WatchedFiles {
  std::string tree;                // a directory with all below it, or one file
  std::vector<std::string> files;  // each by itself; it need not exist

  bool operator==(const WatchedFiles&) const = default;
};

// A directory, and which of its names count; empty: all of them.
using WatchedPlaces = std::map<std::string, std::set<std::string>>;

// As the file system is now. Beside the directories that hold the files these
// are those in which a path may come to lead elsewhere: where it goes through
// a symbolic link (as Kubernetes' `..data`), where the watched directory itself
// may be replaced, where a part of it is missing.
WatchedPlaces PlacesOf(const WatchedFiles& watched);

}  // namespace behalf
