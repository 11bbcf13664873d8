// A folder of a test's own, and ways to change what is in it.
#pragma once

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <string>

namespace behalf {

class ScratchTree {
 public:
  ScratchTree() {
    std::string pattern =
        (std::filesystem::canonical(std::filesystem::temp_directory_path()) / "behalf-watch-XXXXXX")
            .string();
    root_ = mkdtemp(pattern.data());
  }
  ~ScratchTree() { std::filesystem::remove_all(root_); }

  std::string Path(const std::string& name = "") const {
    return name.empty() ? root_.string() : (root_ / name).string();
  }
  void Folder(const std::string& name) const { std::filesystem::create_directories(Path(name)); }
  void Write(const std::string& name, const std::string& text = "text") const {
    std::ofstream(Path(name)) << text;
  }
  void Rename(const std::string& from, const std::string& to) const {
    std::filesystem::rename(Path(from), Path(to));
  }
  void Link(const std::string& target, const std::string& name) const {
    std::filesystem::create_symlink(target, Path(name));
  }

 private:
  std::filesystem::path root_;
};

}  // namespace behalf
