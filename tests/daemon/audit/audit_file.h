// A file in a directory of its own, gone with the test.
#pragma once

#include <stdlib.h>

#include <filesystem>
#include <fstream>
#include <iterator>
#include <string>
#include <vector>

namespace behalf {

inline std::string TextOf(const std::string& path) {
  std::ifstream file(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(file), std::istreambuf_iterator<char>()};
}

// Without their newlines; a last line without one counts.
inline std::vector<std::string> LinesOf(const std::string& path) {
  std::ifstream file(path, std::ios::binary);
  std::vector<std::string> lines;
  for (std::string line; std::getline(file, line);) lines.push_back(line);
  return lines;
}

class AuditFile {
 public:
  AuditFile() {
    std::string name = std::filesystem::temp_directory_path() / "audit_test.XXXXXX";
    directory_ = ::mkdtemp(name.data());
  }
  ~AuditFile() { std::filesystem::remove_all(directory_); }
  AuditFile(const AuditFile&) = delete;
  AuditFile& operator=(const AuditFile&) = delete;

  const std::string& directory() const { return directory_; }
  std::string path() const { return directory_ + "/audit.jsonl"; }
  std::string Text() const { return TextOf(path()); }
  std::vector<std::string> Lines() const { return LinesOf(path()); }

  void Write(const std::string& text) const {
    std::ofstream(path(), std::ios::binary) << text;
    std::filesystem::permissions(path(), std::filesystem::perms(0600));
  }

 private:
  std::string directory_;
};

}  // namespace behalf
