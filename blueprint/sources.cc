#include <algorithm>
#include <cstring>
#include <filesystem>
#include <fstream>
#include <system_error>

#include "absl/status/status.h"
#include "absl/strings/str_cat.h"
#include "blueprint/load.h"
#include "blueprint/text_check.h"

namespace behalf {
namespace {

namespace fs = std::filesystem;

constexpr std::size_t kMostFiles = 100000;
constexpr std::size_t kMostBytes = std::size_t{256} << 20;

absl::Status Failed(const std::string& path, const std::string& why) {
  return absl::FailedPreconditionError(absl::StrCat(path, ": ", why));
}

absl::StatusOr<SourceFile> ReadFile(const std::string& path) {
  std::error_code error;
  if (!fs::is_regular_file(path, error)) return Failed(path, "this is no regular file");
  std::ifstream in(path, std::ios::binary);
  if (!in) return Failed(path, absl::StrCat("cannot be opened: ", std::strerror(errno)));
  SourceFile file{path, std::string(loader::kMostFileBytes + 1, '\0')};
  in.read(file.text.data(), static_cast<std::streamsize>(file.text.size()));
  if (in.bad()) return Failed(path, "cannot be read");
  file.text.resize(static_cast<std::size_t>(in.gcount()));
  file.text.shrink_to_fit();
  if (file.text.size() > loader::kMostFileBytes) {
    return Failed(path, "is larger than 1 MB: split it into several files");
  }
  return file;
}

bool IsDirectory(const fs::path& path) {
  std::error_code error;
  return fs::is_directory(path, error);
}

bool IsHidden(const fs::path& path) { return path.filename().string().starts_with('.'); }

// The *.yaml files below a directory, unsorted.
absl::StatusOr<std::vector<std::string>> ListFiles(const std::string& directory) {
  std::error_code error;
  std::vector<std::string> paths;
  fs::recursive_directory_iterator entry(directory, error);
  for (; !error && entry != fs::recursive_directory_iterator(); entry.increment(error)) {
    if (IsHidden(entry->path())) {
      entry.disable_recursion_pending();
    } else if (entry->path().extension() == ".yaml" && !IsDirectory(entry->path())) {
      paths.push_back(entry->path().string());
    }
    if (paths.size() > kMostFiles) return Failed(directory, "holds too many files");
  }
  if (error) return Failed(directory, absl::StrCat("cannot be listed: ", error.message()));
  if (paths.empty()) return Failed(directory, "holds no *.yaml file");
  return paths;
}

}  // namespace

absl::StatusOr<std::vector<SourceFile>> ReadSources(const std::string& path) {
  std::vector<std::string> paths = {path};
  if (IsDirectory(path)) {
    auto listed = ListFiles(path);
    if (!listed.ok()) return listed.status();
    paths = *std::move(listed);
  }
  std::sort(paths.begin(), paths.end());
  std::vector<SourceFile> files;
  std::size_t bytes = 0;
  for (const std::string& name : paths) {
    auto file = ReadFile(name);
    if (!file.ok()) return file.status();
    bytes += file->text.size();
    if (bytes > kMostBytes) return Failed(path, "holds more than 256 MB");
    files.push_back(*std::move(file));
  }
  return files;
}

}  // namespace behalf
