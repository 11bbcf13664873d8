#include "blueprint/file_names.h"

namespace behalf::loader {

std::string_view DirectoryOf(std::string_view path) {
  const auto slash = path.rfind('/');
  if (slash == std::string_view::npos) return {};
  return slash == 0 ? path.substr(0, 1) : path.substr(0, slash);
}

std::string Resolve(std::string_view directory, std::string_view file) {
  if (directory.empty() || file.starts_with('/')) return std::string(file);
  std::string path(directory);
  if (!path.ends_with('/')) path.push_back('/');
  return path.append(file);
}

}  // namespace behalf::loader
